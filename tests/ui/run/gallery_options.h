#pragma once

#include "ui/theme/theme.h"

#include <QCommandLineParser>
#include <QSize>

namespace enroll::test {

/// What both galleries are asked for: one PNG file, or one for each of several sizes, light or dark, as seen from a
/// distance.
class GalleryOptions {
public:
    /// \p size is the default, such as "1920x1080"; \p own are the gallery's own options. Ends the program where the
    /// command line is wrong or asks for help.
    GalleryOptions(const QString& size, const QList<QCommandLineOption>& own);

    [[nodiscard]] const QCommandLineParser& parser() const { return m_parser; }
    [[nodiscard]] bool isSet(const char* name) const { return m_parser.isSet(QString::fromLatin1(name)); }
    [[nodiscard]] QString text(const char* name) const { return m_parser.value(QString::fromLatin1(name)); }
    [[nodiscard]] int number(const char* name) const { return text(name).toInt(); }

    [[nodiscard]] ui::ThemeChoice theme() const;
    [[nodiscard]] ui::Viewing viewing() const;
    [[nodiscard]] int slotCount() const { return number("slots"); }
    [[nodiscard]] QList<QSize> sizes() const;
    /// With several sizes, "run.png" becomes "run-1920x1080.png".
    [[nodiscard]] QString fileFor(const QSize& size) const;

private:
    QCommandLineParser m_parser;
};

} // namespace enroll::test

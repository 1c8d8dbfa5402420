#pragma once

#include "ui/theme/tokens.h"
#include "ui/theme/type_scale.h"

#include <QObject>
#include <QPalette>

#include <optional>

namespace enroll::ui {

enum class ThemeChoice { System, Light, Dark };

/// "system", "light", "dark".
std::optional<ThemeChoice> themeChoiceFromText(const QString& text);

/// The shade a choice means beside the desktop's palette: System is dark where the desktop's window is darker than its
/// text.
Shade shadeFor(ThemeChoice choice, const QPalette& system);

/// Standard widgets (dialogs, fields) in our colours.
QPalette paletteOf(const Tokens& tokens);

/// The look all widgets share. One object for the application; widgets repaint on changed().
class Theme final : public QObject {
    Q_OBJECT

public:
    Theme(ThemeChoice choice, Viewing viewing, QObject* parent = nullptr);

    [[nodiscard]] const Tokens& tokens() const { return tokensOf(m_shade); }
    [[nodiscard]] Shade shade() const { return m_shade; }
    [[nodiscard]] const Viewing& viewing() const { return m_viewing; }

    /// For when the desktop changes between light and dark.
    void followSystem(const QPalette& system);

Q_SIGNALS:
    void changed();

private:
    ThemeChoice m_choice;
    Viewing m_viewing;
    Shade m_shade;
};

} // namespace enroll::ui

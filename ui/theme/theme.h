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

/// The shade for a choice. System follows the desktop's palette \p system: dark if its window colour is darker than its
/// text colour.
Shade shadeFor(ThemeChoice choice, const QPalette& system);

/// A palette that gives Qt's standard widgets (dialogs, fields) the colours of \p tokens.
QPalette paletteOf(const Tokens& tokens);

/// The colours and type sizes that all widgets share. One object for the application; widgets repaint on changed(). GUI
/// thread.
class Theme final : public QObject {
    Q_OBJECT

public:
    Theme(ThemeChoice choice, Viewing viewing, QObject* parent = nullptr);

    [[nodiscard]] const Tokens& tokens() const { return tokensOf(m_shade); }
    [[nodiscard]] Shade shade() const { return m_shade; }
    [[nodiscard]] const Viewing& viewing() const { return m_viewing; }

    /// Call it when the window has come to another screen.
    void setViewing(const Viewing& viewing);
    /// Call it when the desktop's palette has changed; has an effect for ThemeChoice::System only.
    void followSystem(const QPalette& system);

Q_SIGNALS:
    void changed();

private:
    ThemeChoice m_choice;
    Viewing m_viewing;
    Shade m_shade;
};

} // namespace enroll::ui

#pragma once

#include "ui/shell/main_window.h"

#include <QSettings>

namespace enroll::ui {

/// Where this person has the window, kept across restarts. What the station does stands in its configuration.
class WindowPlace final : public QObject {
    Q_OBJECT

public:
    /// Remembers when \p window is closed; both outlive this object.
    WindowPlace(MainWindow& window, QSettings& settings, QObject* parent = nullptr);

    /// For the window's restoreGeometry(); empty at the first start.
    [[nodiscard]] QByteArray last() const;

private:
    /// A window that fills the screen has no place of its own; the last one stays.
    void remember() const;

    MainWindow& m_window;
    QSettings& m_settings;
};

} // namespace enroll::ui

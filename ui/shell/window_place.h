#pragma once

#include "ui/shell/main_window.h"

#include <QSettings>

namespace enroll::ui {

/// Keeps the window's place across restarts, in the settings of the user. The station's configuration is not touched.
class WindowPlace final : public QObject {
    Q_OBJECT

public:
    /// Stores the place when \p window is closed. \p window and \p settings must outlive this object.
    WindowPlace(MainWindow& window, QSettings& settings, QObject* parent = nullptr);

    /// The stored place, for QWidget::restoreGeometry(); empty at the first start.
    [[nodiscard]] QByteArray last() const;

private:
    /// Does nothing for a window that fills the display, so that its last place stays.
    void remember() const;

    MainWindow& m_window;
    QSettings& m_settings;
};

} // namespace enroll::ui

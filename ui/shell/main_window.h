#pragma once

#include "ui/run/run_screen.h"

#include <QMainWindow>

#include <optional>

namespace enroll::ui {

/// The application's window: keys, full screen, and closing without leaving a run behind.
///
/// Closing asks every running slot to stop and goes away when the last one has; the screen stays alive meanwhile.
class MainWindow final : public QMainWindow {
    Q_OBJECT

public:
    MainWindow(RunController& controller, Theme& theme, const StationIdentity& identity, QWidget* parent = nullptr);

    [[nodiscard]] RunScreen& runScreen() { return *m_runScreen; }

    /// Shows the window over the whole screen, with or without a window manager.
    void fillScreen();
    [[nodiscard]] bool fillsScreen() const { return m_windowed.has_value(); }

Q_SIGNALS:
    /// The window is closed and nothing runs.
    void finished();

protected:
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void addKeys();
    void toggleFullScreen();
    void closeWhenIdle();
    void applyTheme();

    enum class Phase { Working, Closing, Closed };

    RunController& m_controller;
    Theme& m_theme;
    RunScreen* m_runScreen;
    Phase m_phase = Phase::Working;
    std::optional<QRect> m_windowed; ///< where the window was before it filled the screen
};

} // namespace enroll::ui

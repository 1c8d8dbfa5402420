#pragma once

#include "ui/model/journal_view.h"
#include "ui/model/station_condition.h"
#include "ui/model/station_identity.h"
#include "ui/shell/app_bar.h"
#include "ui/shell/screen.h"

#include <QMainWindow>
#include <QTimer>

#include <optional>

class QStackedWidget;

namespace enroll::ui {

/// The application's window: one screen shown of those it holds, the app bar above it, full screen, and closing without
/// leaving work behind. It knows no screen by name: what is added is what the navigation shows.
///
/// Keys belong to the screen that is shown; the window's own are ownKeys(). Closing asks every screen to end its work
/// and goes away when the last one has; the screens stay alive meanwhile.
class MainWindow final : public QMainWindow {
    Q_OBJECT

public:
    MainWindow(Theme& theme, const StationIdentity& identity, QWidget* parent = nullptr);

    /// Adds \p screen, which becomes the window's, behind those added before; shows the first one. Its key is Ctrl and
    /// its number, up to nine screens.
    void add(Screen* screen);
    void showScreen(int number);
    [[nodiscard]] Screen* current() const;
    /// Keys that work on every screen, so that no screen may claim them.
    [[nodiscard]] static std::vector<QKeySequence> ownKeys();

    [[nodiscard]] AppBar& appBar() { return *m_bar; }
    void showCondition(const StationCondition& condition);
    /// Absent: not known.
    void showQueued(std::optional<int> queued);
    /// Something changed that a screen may show: the one that is shown asks for its values again.
    void refresh();

    /// Shows the window over the whole display, with or without a window manager.
    void fillDisplay();
    [[nodiscard]] bool fillsDisplay() const { return m_windowed.has_value(); }

Q_SIGNALS:
    /// The window is closed and nothing runs.
    void finished();

protected:
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void addOwnKeys();
    void addKeysOf(Screen& screen);
    [[nodiscard]] Screen* screenAt(int number) const;
    [[nodiscard]] bool idle() const;
    void toggleFullScreen();
    void closeWhenIdle();
    void refreshBar();
    void applyTheme();

    enum class Phase { Working, Closing, Closed };

    Theme& m_theme;
    AppBarContent m_content;
    AppBar* m_bar;
    QStackedWidget* m_screens;
    QTimer m_clock;
    Phase m_phase = Phase::Working;
    std::optional<QRect> m_windowed; ///< where the window was before it filled the display
};

} // namespace enroll::ui

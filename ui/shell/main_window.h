#pragma once

#include "ui/model/journal_view.h"
#include "ui/model/station_condition.h"
#include "ui/model/station_identity.h"
#include "ui/shell/app_bar.h"
#include "ui/shell/help_card.h"
#include "ui/shell/screen.h"

#include <QMainWindow>
#include <QTimer>

#include <optional>

class QStackedWidget;

namespace enroll::ui {

/// The application's window: the app bar and below it one of the screens that were added. It depends on no particular
/// screen.
///
/// Keys go to the screen that is shown, except ownKeys(). F1 lays a card over the screen that explains the code on show and
/// lists the keys, Ctrl+? one that lists them alone; it closes where it lies over what a screen has to show
/// (Screen::toBeSeen()).
///
/// While its entrance is closed, one screen is shown in place of all this, the app bar included: who is before it may not
/// see or use the others yet. They go on.
///
/// Another screen may stand aside: a key shows it in place of all this, and Escape, or the same key, leaves it. It is left, too,
/// when the entrance closes and when the window is asked to close.
///
/// A close is first offered to every screen (Screen::letsClose()), so that a slip of the hand cuts off no test. Then
/// every screen is asked to end its work (Screen::stopForGood()); the window disappears when the last one is idle.
class MainWindow final : public QMainWindow {
    Q_OBJECT

public:
    MainWindow(Theme& theme, const StationIdentity& identity, QWidget* parent = nullptr);

    /// Adds \p screen after those added before, and takes ownership. The first one is shown. Ctrl and its number, from
    /// 1 to 9, shows a screen.
    void add(Screen* screen);
    void showScreen(int number);
    /// \p screen is shown while the entrance is closed; takes ownership. The entrance is open until then, and has one.
    void addEntrance(Screen* screen);
    enum class Entrance { Open, Closed };
    void setEntrance(Entrance entrance);
    [[nodiscard]] Entrance entrance() const;
    /// \p screen is shown by Key_F12 while the entrance is open; takes ownership. The window has one.
    void addAside(Screen* screen);
    /// The screens are shown again, if the one aside was.
    void leaveAside();
    /// The one that a person sees.
    [[nodiscard]] Screen* current() const;
    /// The window's own keys, which work on every screen; no screen may use them.
    [[nodiscard]] static std::vector<QKeySequence> ownKeys();
    /// The keys that do something now: those of the screen that is shown, then the window's own.
    [[nodiscard]] std::vector<KeyLine> keyLines();
    [[nodiscard]] HelpCard& help() { return *m_help; }

    [[nodiscard]] AppBar& appBar() { return *m_bar; }
    void showCondition(const StationCondition& condition);
    /// Absent if the number is not known.
    void showQueued(std::optional<int> queued);
    /// Call it when something changed that a screen may show. The screen that is shown refreshes; others do when they
    /// are shown.
    void refresh();

    /// Shows the window over the whole display, with or without a window manager.
    void fillDisplay();
    [[nodiscard]] bool fillsDisplay() const { return m_windowed.has_value(); }
    /// For a station that has no other use: the window fills the display, and no key and no click closes or shrinks it.
    void beKiosk();
    /// Shows the window before all others, as it was.
    void bringToFront();

public Q_SLOTS:
    /// Closes without a question, a kiosk too: the session or the service manager ends the program.
    void closeUnasked();

Q_SIGNALS:
    /// The window closes, now or when the last screen is idle. Nothing takes that back.
    void closing();
    /// The window is closed, and every screen is idle.
    void finished();

protected:
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] std::vector<ScreenKey> windowKeys();
    void addOwnKeys();
    void addKeysOf(Screen& screen);
    /// What every screen may ask of the window.
    void listenTo(Screen& screen);
    [[nodiscard]] std::vector<Screen*> allScreens() const;
    [[nodiscard]] Screen* screenAt(int number) const;
    [[nodiscard]] bool idle() const;
    [[nodiscard]] bool mayClose();
    [[nodiscard]] bool isAside() const;
    void toggleAside();
    /// \p layer is all that is seen from here on.
    void showLayer(QWidget* layer);
    void toggleFullScreen();
    enum class Help { Topic, KeysAlone };
    /// Opens the card, or closes it if it is open.
    void toggleHelp(Help help);
    /// Brings the card to what is to be said now, and to its place.
    void refreshHelp();
    void rescale();
    void closeWhenIdle();
    void refreshBar();
    void applyTheme();

    enum class Phase { Working, Closing, Closed };
    enum class Closes { AfterQuestion, Unasked, Never };

    Theme& m_theme;
    AppBarContent m_content;
    AppBar* m_bar;
    QStackedWidget* m_layers; ///< bar and screens; what is shown at a closed entrance, and aside, where there are such
    QWidget* m_page;          ///< bar and screens
    QStackedWidget* m_screens;
    Screen* m_entrance = nullptr;
    Screen* m_aside = nullptr;
    HelpCard* m_help;
    Help m_asked = Help::Topic;
    QTimer m_clock;
    Phase m_phase = Phase::Working;
    Closes m_closes = Closes::AfterQuestion;
    std::optional<QRect> m_windowed; ///< where the window was before it filled the display
};

} // namespace enroll::ui

#pragma once

#include "core/base/result.h"
#include "ui/model/caption.h"

#include <QKeySequence>
#include <QWidget>

#include <functional>
#include <optional>
#include <vector>

namespace enroll::ui {

/// A key of a screen. It works while that screen is shown, wherever the focus is.
struct ScreenKey {
    QKeySequence keys;
    std::function<void()> act; ///< none: what has the focus takes the keys; they are only listed
    QString title;             ///< what it does, for the list of keys, in the language of the application
};

/// A code that a screen shows, with its headline as it stands there.
struct HelpTopic {
    ErrorCode code;
    QString headline;
    std::optional<Outcome> outcome = {}; ///< what the code decided, where it decided a run
    bool operator==(const HelpTopic&) const = default;
};

/// One screen of the application: a page of the MainWindow.
class Screen : public QWidget {
    Q_OBJECT

public:
    explicit Screen(QWidget* parent = nullptr) : QWidget(parent) {}

    /// The screen's name in the navigation, in the language of the application.
    [[nodiscard]] virtual QString title() const = 0;
    /// The screen's keys; none of them may be one of MainWindow::ownKeys().
    [[nodiscard]] virtual std::vector<ScreenKey> keys() = 0;
    /// Reads anew what the screen shows. Called when it is shown and when something changed meanwhile, and never while
    /// it is hidden. Must not block.
    virtual void refresh() = 0;

    /// What this screen adds to the app bar. Emit captionChanged() when it changes.
    [[nodiscard]] virtual Caption caption() const { return {}; }
    /// The code that a person sees now and may ask about; absent: none.
    [[nodiscard]] virtual std::optional<HelpTopic> helpTopic() const { return {}; }
    /// Puts the focus where typing begins.
    virtual void takeFocus() { setFocus(Qt::OtherFocusReason); }
    /// The station's own scanner read \p code while this screen was shown. Error: B-641.
    virtual void scanned(const Result<QString>& code) = 0;
    /// A key that no widget took. A barcode scanner types wherever the focus is, so a screen that reads one overrides
    /// this.
    virtual void typed(QKeyEvent& event);

    /// A person asks to close the window. True: nothing would be cut off by it, or the person knows and asks again. False: the
    /// screen says what would be cut off, and that a second request closes.
    [[nodiscard]] virtual bool letsClose() { return true; }
    /// The window stays open whatever a person does; the screen says so.
    virtual void refuseToClose() {}
    /// True if nothing that this screen started is still running.
    [[nodiscard]] virtual bool idle() const { return true; }
    /// Whether a person wants the window closed, or a signal, the end of the session or the program itself.
    enum class Closing { Asked, Unasked };
    /// The window is closing: stop what is running and start nothing more. Emit becameIdle() when idle() turns true.
    virtual void stopForGood(Closing /*closing*/) { setEnabled(false); }

Q_SIGNALS:
    void captionChanged();
    /// This part of the screen says something new: what lies over it gives way.
    void toBeSeen(const QRect& part);
    /// A person asks for help without its key.
    void helpWanted();
    /// idle() is true. May be emitted more than once.
    void becameIdle();

protected:
    void keyPressEvent(QKeyEvent* event) final;
};

} // namespace enroll::ui

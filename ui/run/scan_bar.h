#pragma once

#include "core/enrollment/ids.h"
#include "ui/run/scan_watch.h"
#include "ui/run/shift_counters.h"

class QKeyEvent;
class QLineEdit;

namespace enroll::ui {

/// What the scan bar tells; the words are for people.
enum class ScanNews {
    Idle,         ///< the next serial goes to the next free slot
    WhichSlot,    ///< a slot's number is asked for
    OneMoreDigit, ///< the number may be whole, or go on
    NoSuchSlot,
    Selected, ///< what F4 and F7 do concerns this slot, and the next serial goes there
    TakesNext,
    ChoiceOver,  ///< this slot was chosen while it ran, and its test is over
    Ready,       ///< the serial waits in this slot
    TakenBack,   ///< the serial waits in this slot no more
    InHand,      ///< the serial waits for its device to appear
    WhoseDevice, ///< a device is in this slot, and which serial it carries nobody said, or it says another one now
    Misplaced,   ///< a device is in this slot, and a serial waits for its device in another
    LostSlot,    ///< the device left this slot, and its serial has none now
    Started,
    NothingReady,
    LeftOut, ///< the key for all slots did not start this one: its device is doubted
    RunsAlready,
    StopQuestion,
    Stopping,
    NothingToStop,
    TooLateToStop,
    ResultStays,
    Acknowledged,  ///< the result is dealt with, and its slot is free
    NoResultThere, ///< nothing to acknowledge
    NotJudged,
    StartsAgain,  ///< the test was stopped; the same key starts it again
    NoSlotToShow, ///< nobody said whose detail
    Refused,      ///< for the reason that the code says
    CanTestAgain,
    CloseQuestion, ///< slots test, and the window was asked to close
    StaysOpen,     ///< a kiosk was asked to close
    OrderTaken,    ///< a work order holds from now on
    OrderWanted,   ///< no test starts before a work order is scanned
    SignedIn,
    SignedOut,
    ReadingBadge,    ///< it is being found out whose it is
    OperatorWanted,  ///< no test starts before somebody is signed in
    OrderFromBefore, ///< the work order was taken before a restart
    Checking,        ///< the station checks itself
    Checked,         ///< and passed
    Forgotten,       ///< what the slots showed before a restart could not be read
    Closing,
};

/// What the last entry did, and what to do now.
struct ScanMessage {
    ScanNews news = ScanNews::Idle;
    QString headline;
    QString next;
    std::optional<enrollment::SlotNumber> slot = {}; ///< that it speaks of
    std::optional<ErrorCode> code = {};
    std::optional<enrollment::SerialNumber> gaveWay = {}; ///< Binding::gaveWay
    bool operator==(const ScanMessage&) const = default;
};

/// Where a message stands: its headline on one line, and what to do now on one or two.
struct MessageBoxes {
    QRectF first;
    QFont headline;
    QRectF second;
    QFont next;
};

/// Takes a serial number and says what it did. Beside it the counters.
class ScanBar final : public QWidget {
    Q_OBJECT

public:
    explicit ScanBar(const Theme& theme, QWidget* parent = nullptr);

    void show(const ScanMessage& message);
    using QWidget::show;
    [[nodiscard]] const ScanMessage& message() const { return m_message; }
    /// The message says that something was not taken, or had nothing to act on.
    [[nodiscard]] bool refuses() const;
    [[nodiscard]] MessageBoxes messageBoxes() const;
    [[nodiscard]] ShiftCounters& counters() { return *m_counters; }
    void setScale(const ScreenScale& scale);
    /// How the station's scanner ends its codes.
    void setScanner(const enrollment::ScannerSettings& settings) { m_watch.setScanner(settings); }

    /// Typing begins here, in place of what stands there.
    void focusEntry();
    /// As focusEntry(); \p firstCharacters were typed elsewhere, and each noted by notePress().
    void goOnWith(const QString& firstCharacters);
    /// A key that makes characters went down or up elsewhere, and what it made may yet belong to a scan.
    void notePress(const QKeyEvent& key) { m_watch.press(key); }
    void noteRelease(const QKeyEvent& key) { m_watch.release(key); }
    /// The keys of a scan that may go on; empty: what came before was whole, or was long ago.
    [[nodiscard]] station::ScanBurst unfinished() const { return m_watch.unfinished(); }
    /// Keys that went elsewhere before the entry was shown. What goes on behind them is the rest of a scan, and refused
    /// as one that is not whole.
    void goOnBehind(const station::ScanBurst& head);
    /// The entry is not shown any more: nothing is made of a code that was not whole yet.
    void giveUp();
    /// The characters so far were something else, and whole.
    void endBurst() { m_watch.endBurst(); }

    /// Takes a code away that is no serial, and means nothing to a reader.
    void clearEntry();
    /// As clearEntry(), of a scan without its end: what a scanner sends next may be the rest, and is told as not whole.
    void clearPart();

Q_SIGNALS:
    /// Once for each entry, with everything that was typed.
    void serialEntered(const QString& text, const enroll::station::EntryWay& way);
    /// A scanner's characters lack their end, or some of them: nothing was taken. They stay, to be corrected by hand.
    void cutOff();
    /// No more characters come: a code that ends by silence was entered.
    void settled();

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    /// Taken: stays to be read, and the next character replaces it.
    enum class Content { Open, Taken };

    void take();
    /// Before \p key changes the text.
    void noteInsertion(const QKeyEvent& key);
    [[nodiscard]] station::EntryWay way() const;
    /// No more characters come: by a scanner that sends nothing behind a code, the code is whole; by another, it is cut off.
    void takeAfterSilence();
    void takeUnfinished();
    bool keyPressed(const QKeyEvent& key);
    /// True for a key that a scanner presses for a control character within a code.
    [[nodiscard]] bool isControlOfScan(const QKeyEvent& key) const;
    void arrange();
    void fitEntry();
    void applyTheme();
    [[nodiscard]] QRect entryFrame() const;
    [[nodiscard]] QRectF messageRoom() const;
    void paintMessage(QPainter& painter);

    const Theme& m_theme;
    ScreenScale m_scale;
    ScanMessage m_message;
    QLineEdit* m_entry;
    Content m_content = Content::Open;
    ScanWatch m_watch;
    qsizetype m_end = 0;        ///< where the next character of the burst belongs
    bool m_torn = false;        ///< a character of the burst went elsewhere: somebody moved the caret meanwhile
    bool m_restMayCome = false; ///< a part of a scan was taken away
    bool m_cut = false;         ///< the entry has no room for all of the code
    ShiftCounters* m_counters;
};

} // namespace enroll::ui

#pragma once

#include "core/enrollment/scanner_settings.h"
#include "core/station/scan_burst.h"
#include "core/station/scan_router.h"

#include <QTimer>

class QKeyEvent;

namespace enroll::ui {

/// Watches the keys of one entry: which characters came in one go, whether a scanner or fingers made them, whether they
/// are a whole code, and when no more of them come.
///
/// It holds the keys' times and how many characters they made, and none of the characters: whoever owns it keeps the code.
/// Times are those of the keys, in milliseconds; a key without one counts from when it came in. Lives on the GUI thread,
/// and never waits.
class ScanWatch final : public QObject {
    Q_OBJECT

public:
    explicit ScanWatch(QObject* parent = nullptr);

    /// How the station's scanner ends its codes.
    void setScanner(const enrollment::ScannerSettings& settings) { m_scanner = settings; }

    /// A key that makes characters went down or up.
    void press(const QKeyEvent& key);
    void release(const QKeyEvent& key);
    /// \p key may end the code: one that comes later than a scanner sends it is a person's.
    void noteEnd(const QKeyEvent& key);
    /// True for a line feed, and for a Tab behind a scanner's characters, which many send as they come; by hand it goes on.
    [[nodiscard]] bool endsScan(const QKeyEvent& key) const;
    /// F8 or Ctrl and a letter within a scan: a control character of the code, and no command.
    [[nodiscard]] bool isControlOfScan(const QKeyEvent& key) const;
    /// \p key comes within a scan.
    [[nodiscard]] bool goesOnAt(const QKeyEvent& key) const;
    /// The scanner ends its codes by silence, and one was whole before \p key: a busy program sees the silence only now.
    [[nodiscard]] bool wasWholeBefore(const QKeyEvent& key) const;

    /// The last key made the first characters after a pause.
    [[nodiscard]] bool isFirst() const { return m_burst.count() == m_lastCount; }
    /// The last characters are a scanner's.
    [[nodiscard]] bool isScan() const;
    /// How the \p entered characters of an entry came in. A scanner's are told so only if they are all that it sent.
    [[nodiscard]] station::EntryWay way(qsizetype entered) const;

    /// The keys of a scan that may go on; empty: what came before was whole, or was long ago.
    [[nodiscard]] station::ScanBurst unfinished() const;
    /// Keys that went elsewhere before. What goes on behind them is the rest of a scan, and told as not whole.
    void goOnBehind(const station::ScanBurst& head);

    /// The characters so far are over: the next one is the first of another code. A key may still end them once more, as
    /// scanners do that send two.
    void endBurst() { m_burstOver = true; }
    /// As endBurst(), and nothing is known of them any more.
    void forget();

    /// What the characters are if no more come.
    enum class Rest {
        Nothing, ///< by hand: Enter is still to come
        Whole,   ///< a code of a scanner that sends nothing behind it
        CutOff,  ///< a scanner's, which lack their end or some of them
    };
    [[nodiscard]] Rest rest() const;
    /// Rest::CutOff was told: whatever comes behind those characters, they are not whole, and rest() does not say it again.
    void noteCutOff() { m_cutOff = true; }
    /// silent() is still to come.
    [[nodiscard]] bool waits() const { return m_silence.isActive(); }
    /// silent() does not come any more for the characters so far.
    void stopWaiting() { m_silence.stop(); }

Q_SIGNALS:
    /// Once after the last key: no more characters come. rest() says what that makes of them.
    void silent();

private:
    void startSilence();
    void look();
    [[nodiscard]] bool endsBySilence() const { return m_scanner.end == enrollment::ScanEnd::Silence; }

    enrollment::ScannerSettings m_scanner;
    station::ScanBurst m_burst;
    std::chrono::steady_clock::time_point m_latest{}; ///< when a key came in last
    int m_lastCount = 0;                              ///< characters that the last key made
    bool m_burstOver = false;                         ///< the next character begins another one
    bool m_cutOff = false;                            ///< it was told of the burst
    bool m_endsLate = false;                          ///< the key behind the burst is a person's
    bool m_capsLock = false;                          ///< at the last character
    QTimer m_silence;
    bool m_silenceSeen = false; ///< no character since the timer asked first
};

} // namespace enroll::ui

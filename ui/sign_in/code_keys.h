#pragma once

#include "ui/run/scan_watch.h"

#include <string>

class QKeyEvent;

namespace enroll::ui {

/// Collects a code from keys where no text is shown, and tells a scanner from fingers by the times that the keys carry. A
/// code of a badge opens doors: it stands in this object alone, and is wiped as soon as it was told.
class CodeKeys final : public QObject {
    Q_OBJECT

public:
    explicit CodeKeys(QObject* parent = nullptr);
    ~CodeKeys() override { clear(); }
    CodeKeys(const CodeKeys&) = delete;
    CodeKeys& operator=(const CodeKeys&) = delete;

    /// How the station's scanner ends its codes.
    void setScanner(const enrollment::ScannerSettings& settings) { m_watch.setScanner(settings); }

    enum class Key {
        NotMine,   ///< makes no character of a code, and ends none
        Character, ///< of a code, or of what a person types
        End,       ///< what came before is whole: take()
    };
    Key press(const QKeyEvent& key);
    void release(const QKeyEvent& key) { m_watch.release(key); }
    /// F8 or Ctrl and a letter within a scan: a control character of the code, and no command.
    [[nodiscard]] bool isControlOfScan(const QKeyEvent& key) const { return m_watch.isControlOfScan(key); }

    /// The last character was the first one after a pause.
    [[nodiscard]] bool isFirst() const { return m_watch.isFirst(); }
    /// The last characters are a scanner's.
    [[nodiscard]] bool isScan() const { return m_watch.isScan(); }
    [[nodiscard]] std::size_t size() const { return m_code.size(); }
    /// The keys of a scan that may go on; empty: what came before was taken, or was long ago.
    [[nodiscard]] station::ScanBurst unfinished() const { return m_watch.unfinished(); }
    /// Keys that went elsewhere before. What goes on behind them is the rest of a scan, and told as not whole.
    void goOnBehind(const station::ScanBurst& head) { m_watch.goOnBehind(head); }
    void takeLastBack();
    /// What came before the last character is no part of the code.
    void forgetBefore();
    void clear();
    /// clear() by a person: what a scanner's characters lack will not come, and cutOff() tells it first.
    void drop();
    /// Tells coded(), and begins anew.
    void take();

Q_SIGNALS:
    /// \p code lives as long as the call, and is wiped then.
    void coded(const std::string& code, const enroll::station::EntryWay& way);
    /// A scanner's characters lack their end, or some of them: they stay, so that none that come later pass for a code.
    void cutOff();

private:
    void takeAfterSilence();

    ScanWatch m_watch;
    std::string m_code;
    std::size_t m_lastBytes = 0; ///< of the last key
};

} // namespace enroll::ui

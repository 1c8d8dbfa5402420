#pragma once

#include <QObject>
#include <QString>
#include <QTimer>

namespace enroll::ui {

/// Tells a slot's number, typed by hand, from a scan that begins with digits: a scanner types without a pause and
/// more than any slot's number has.
class SlotNumberEntry final : public QObject {
    Q_OBJECT

public:
    /// The slots are numbered 1 to \p last, with gaps where no slot is.
    explicit SlotNumberEntry(int last, QObject* parent = nullptr);

    /// From here on digits are a slot's number.
    void begin();
    void cancel();
    [[nodiscard]] bool active() const { return m_active; }
    /// The last digits came so lately that nobody knows yet what they are the beginning of.
    [[nodiscard]] bool isUnsettled() const { return !m_burst.isEmpty(); }

    /// Takes a printable character that was typed; whatever is no slot's number comes out as scanned().
    void take(const QString& character);
    /// Enter: what was typed is the number.
    void decide();
    /// As Enter, if a number was typed that may go on: whatever is done next is meant for that slot.
    void decideIfAsked();

Q_SIGNALS:
    void chosen(int number);
    void scanned(const QString& firstCharacters);
    /// Typed so far: one more digit can follow, Enter takes it as it is.
    void undecided(int number);

private:
    void settle();

    int m_last;
    bool m_active = false;
    QString m_settled; ///< digits before the last pause: typed by hand
    QString m_burst;   ///< characters since
    QTimer m_pause;
};

} // namespace enroll::ui

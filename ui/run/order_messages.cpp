#include "ui/run/order_messages.h"

#include <QCoreApplication>

namespace enroll::ui {
namespace {

struct Bar {
    Q_DECLARE_TR_FUNCTIONS(ScanBar)
};

/// "1-3, 7": a fixture has up to 32, and the bar two lines.
QString rangesOf(const std::vector<enrollment::SlotNumber>& slots)
{
    QStringList ranges;
    for (std::size_t first = 0; first < slots.size();) {
        auto last = first;
        while (last + 1 < slots.size() && slots[last + 1].value == slots[last].value + 1) {
            ++last;
        }
        const auto from = QString::number(slots[first].value);
        ranges << (first == last ? from : from + QLatin1Char('-') + QString::number(slots[last].value));
        first = last + 1;
    }
    return ranges.join(QStringLiteral(", "));
}

QString keptBy(const OldOrder& old)
{
    if (old.slots.size() == 1) {
        return Bar::tr("Slot %1 keeps the old one.").arg(old.slots.front().value);
    }
    return old.slots.empty() ? QString() : Bar::tr("Slots %1 keep the old one.").arg(rangesOf(old.slots));
}

} // namespace

ScanMessage orderTakenMessage(const enrollment::BatchId& order, const std::optional<enrollment::BatchId>& before,
                              const OldOrder& old)
{
    const auto number = QString::fromStdString(order.text());
    QStringList next;
    if (!old.slots.empty()) {
        next << keptBy(old);
    }
    if (old.inHand) {
        next << Bar::tr("%1, in hand, keeps the old one.").arg(QString::fromStdString(old.inHand->text()));
    }
    if (next.empty()) {
        next << Bar::tr("Scan or type a serial.");
    }
    return {ScanNews::OrderTaken,
            before == order ? Bar::tr("Work order %1 goes on.").arg(number)
                            : Bar::tr("Work order %1 begins.").arg(number),
            next.join(QLatin1Char(' '))};
}

ScanMessage orderWantedMessage()
{
    return {ScanNews::OrderWanted, Bar::tr("Scan a work order."),
            Bar::tr("Its code is on the order's papers. No test starts without one.")};
}

ScanMessage orderFromBeforeMessage(const enrollment::BatchId& order)
{
    return {ScanNews::OrderFromBefore,
            Bar::tr("Work order %1 is from before the restart.").arg(QString::fromStdString(order.text())),
            Bar::tr("If the line is at another one, scan that. Then scan or type a serial.")};
}

} // namespace enroll::ui

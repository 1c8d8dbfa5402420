#include "ui/run/slot_number_entry.h"

#include "core/station/scan_burst.h"

#include <algorithm>
#include <utility>

namespace enroll::ui {

SlotNumberEntry::SlotNumberEntry(int last, QObject* parent) : QObject(parent), m_last(last)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(station::ScanBurst::kLongestGap);
    connect(&m_pause, &QTimer::timeout, this, &SlotNumberEntry::settle);
}

void SlotNumberEntry::begin()
{
    cancel();
    m_active = true;
}

void SlotNumberEntry::cancel()
{
    m_active = false;
    m_pause.stop();
    m_settled.clear();
    m_burst.clear();
}

void SlotNumberEntry::take(const QString& character)
{
    m_burst += character;
    const auto digits =
        std::ranges::all_of(m_burst, [](QChar c) { return c >= QLatin1Char('0') && c <= QLatin1Char('9'); });
    if (digits && m_settled.size() + m_burst.size() <= QString::number(m_last).size()) {
        m_pause.start();
        return;
    }
    const auto scan = std::exchange(m_burst, {});
    decideIfAsked();
    cancel();
    Q_EMIT scanned(scan);
}

void SlotNumberEntry::decide()
{
    const auto number = QString(m_settled + m_burst).toInt();
    cancel();
    Q_EMIT chosen(number);
}

void SlotNumberEntry::decideIfAsked()
{
    if (m_active && !m_settled.isEmpty()) {
        decide();
    }
}

void SlotNumberEntry::settle()
{
    m_settled += m_burst;
    m_burst.clear();
    const auto number = m_settled.toInt();
    if (number == 0 || number * 10 > m_last) { // no further digit makes a slot's number of it
        decide();
        return;
    }
    Q_EMIT undecided(number);
}

} // namespace enroll::ui

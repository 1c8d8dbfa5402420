#include "ui/run/scan_watch.h"

#include "ui/run/scan_key.h"

#include <QKeyEvent>

#include <utility>

namespace enroll::ui {
namespace {

using namespace scan_key;
using station::ScanBurst;

/// After a stall a timer may be asked before keys that came meanwhile: they are let in within this time.
constexpr std::chrono::milliseconds kSecondLook{20};
/// A scan whose latest key came in longer ago is over, however busy the program is.
constexpr std::chrono::seconds kBusy{1};

} // namespace

ScanWatch::ScanWatch(QObject* parent) : QObject(parent)
{
    m_silence.setSingleShot(true);
    connect(&m_silence, &QTimer::timeout, this, &ScanWatch::look);
}

void ScanWatch::press(const QKeyEvent& key)
{
    m_latest = std::chrono::steady_clock::now();
    if (std::exchange(m_burstOver, false)) {
        m_burst.forget();
    }
    m_lastCount = charactersOf(key);
    if (key.timestamp() == 0) {
        m_burst.take(timeOf(key), m_lastCount);
    } else {
        m_burst.press(timeOf(key), placeOf(key), m_lastCount);
    }
    m_capsLock = hasCapsLock(key);
    startSilence();
}

void ScanWatch::release(const QKeyEvent& key)
{
    if (!key.isAutoRepeat() && key.timestamp() != 0) {
        m_burst.release(timeOf(key), placeOf(key));
    }
}

/// Of a key without a time nobody knows it; where silence ends the codes, no key does.
void ScanWatch::noteEnd(const QKeyEvent& key)
{
    m_endsLate = !endsBySilence() && key.timestamp() != 0 && !goesOnAt(key);
}

bool ScanWatch::endsScan(const QKeyEvent& key) const
{
    return isLineFeed(key) || (key.key() == Qt::Key_Tab && key.modifiers() == Qt::NoModifier && goesOnAt(key));
}

bool ScanWatch::isControlOfScan(const QKeyEvent& key) const
{
    return mayBeControl(key) && goesOnAt(key);
}

bool ScanWatch::goesOnAt(const QKeyEvent& key) const
{
    return m_burst.goesOnAt(timeOf(key));
}

bool ScanWatch::wasWholeBefore(const QKeyEvent& key) const
{
    return endsBySilence() && !m_burstOver && isScan() && !goesOnAt(key);
}

bool ScanWatch::isScan() const
{
    return m_burst.isScan(endsBySilence() ? m_scanner.minLength : 0);
}

station::EntryWay ScanWatch::way(qsizetype entered) const
{
    using Pace = station::EntryWay::Pace;
    if (m_burstOver || (!m_cutOff && !isScan())) {
        return {Pace::ByHand, m_capsLock};
    }
    const bool ended = !m_cutOff && !m_endsLate; // else a finger ends what a scanner left
    const bool whole = ended && m_burst.count() == entered && !m_burst.hasFinger();
    const bool even = !endsBySilence() || !m_burst.isUneven();
    return {whole && even ? Pace::Scanner : Pace::Mixed, m_capsLock};
}

ScanBurst ScanWatch::unfinished() const
{
    const bool mayGoOn = std::chrono::steady_clock::now() - m_latest <= kBusy;
    return m_burstOver || !mayGoOn ? ScanBurst{} : m_burst;
}

void ScanWatch::goOnBehind(const ScanBurst& head)
{
    m_burst = head;
    m_lastCount = 0;
    m_burstOver = false;
    if (head.count() > 0) {
        startSilence();
    }
}

void ScanWatch::forget()
{
    m_silence.stop();
    m_burst.forget();
    m_lastCount = 0;
    m_burstOver = false;
    m_cutOff = false;
    m_endsLate = false;
}

ScanWatch::Rest ScanWatch::rest() const
{
    if (endsBySilence() && isScan()) {
        return Rest::Whole;
    }
    const bool scanned = m_burst.isScan(0) && !(endsBySilence() && m_burst.hasFinger());
    return scanned && !m_cutOff ? Rest::CutOff : Rest::Nothing;
}

void ScanWatch::startSilence()
{
    m_cutOff = false;
    m_endsLate = false;
    m_silenceSeen = false;
    m_silence.start(endsBySilence() ? ScanBurst::kLongestGap : ScanBurst::kLongestEnd);
}

void ScanWatch::look()
{
    if (!std::exchange(m_silenceSeen, true)) {
        m_silence.start(kSecondLook);
    } else {
        Q_EMIT silent();
    }
}

} // namespace enroll::ui

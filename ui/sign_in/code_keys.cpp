#include "ui/sign_in/code_keys.h"

#include "core/base/secret_bytes.h"
#include "core/station/scan_text.h"
#include "ui/run/scan_key.h"

#include <QKeyEvent>

#include <algorithm>
#include <utility>

namespace enroll::ui {
namespace {

using namespace scan_key;

// No code is longer; reserved at once, so that no growing text leaves an old copy behind.
constexpr std::size_t kLongestCode = 4096;

bool makesText(const QKeyEvent& key)
{
    const auto text = key.text();
    const bool command = (key.modifiers() & (Qt::ControlModifier | Qt::AltModifier)) != Qt::NoModifier;
    return !command && !text.isEmpty() && text.at(0).isPrint();
}

} // namespace

CodeKeys::CodeKeys(QObject* parent) : QObject(parent)
{
    m_code.reserve(kLongestCode);
    m_silence.setSingleShot(true);
    connect(&m_silence, &QTimer::timeout, this, &CodeKeys::takeAfterSilence);
}

CodeKeys::Key CodeKeys::press(const QKeyEvent& key)
{
    const bool goesOn = m_burst.goesOnAt(timeOf(key));
    const bool tab = key.key() == Qt::Key_Tab && key.modifiers() == Qt::NoModifier && goesOn;
    if (key.key() == Qt::Key_Return || key.key() == Qt::Key_Enter || tab || isLineFeed(key)) {
        m_endsLate = comesLate(key, m_burst, m_scanner);
        return key.isAutoRepeat() ? Key::Character : Key::End; // a key held down is one wish
    }
    const bool control = isControlOfScan(key);
    if (!control && !makesText(key)) {
        return Key::NotMine;
    }
    const auto text = control ? std::string{station::kGroupSeparator} : key.text().toStdString();
    m_latest = std::chrono::steady_clock::now();
    m_lastCount = charactersOf(key);
    if (key.timestamp() == 0) {
        m_burst.take(timeOf(key), m_lastCount);
    } else {
        m_burst.press(timeOf(key), placeOf(key), m_lastCount);
    }
    m_capsLock = hasCapsLock(key);
    if (m_code.size() + text.size() <= kLongestCode) { // what is longer is refused, whatever comes behind
        m_code += text;
        m_lastBytes = text.size();
    }
    m_cutOff = false;
    m_endsLate = false;
    m_silenceSeen = false;
    m_silence.start(silenceOf(m_scanner));
    return Key::Character;
}

void CodeKeys::release(const QKeyEvent& key)
{
    if (!key.isAutoRepeat() && key.timestamp() != 0) {
        m_burst.release(timeOf(key), placeOf(key));
    }
}

bool CodeKeys::isControlOfScan(const QKeyEvent& key) const
{
    return mayBeControl(key) && m_burst.goesOnAt(timeOf(key));
}

bool CodeKeys::isScan() const
{
    return m_burst.isScan(m_scanner.end == enrollment::ScanEnd::Silence ? m_scanner.minLength : 0);
}

station::EntryWay CodeKeys::way() const
{
    using Pace = station::EntryWay::Pace;
    if (!isScan() && !m_cutOff) {
        return {Pace::ByHand, m_capsLock};
    }
    const bool ended = !m_cutOff && !m_endsLate; // else a finger ends what a scanner left
    const bool whole = ended && static_cast<std::size_t>(m_burst.count()) == m_code.size() && !m_burst.hasFinger();
    const bool even = m_scanner.end == enrollment::ScanEnd::LineEnd || !m_burst.isUneven();
    return {whole && even ? Pace::Scanner : Pace::Mixed, m_capsLock};
}

station::ScanBurst CodeKeys::unfinished() const
{
    return mayGoOn(m_latest) ? m_burst : station::ScanBurst{};
}

void CodeKeys::goOnBehind(const station::ScanBurst& head)
{
    m_burst = head;
    if (head.count() > 0) {
        m_silenceSeen = false;
        m_silence.start(silenceOf(m_scanner));
    }
}

void CodeKeys::takeLastBack()
{
    while (!m_code.empty()) {
        const auto last = static_cast<unsigned char>(m_code.back());
        m_code.back() = '\0';
        m_code.pop_back();
        if ((last & 0xC0U) != 0x80U) { // the first byte of a character
            break;
        }
    }
    m_burst.forget();
    m_lastCount = 0;
    m_cutOff = false;
}

void CodeKeys::forgetBefore()
{
    const auto before = m_code.size() - std::min(m_lastBytes, m_code.size());
    std::ranges::copy(std::string_view{m_code}.substr(before), m_code.begin());
    wipeMemory(std::as_writable_bytes(std::span{m_code}.subspan(m_code.size() - before)));
    m_code.resize(m_code.size() - before);
}

void CodeKeys::clear()
{
    m_silence.stop();
    wipeMemory(std::as_writable_bytes(std::span{m_code}));
    m_code.clear();
    m_burst.forget();
    m_lastCount = 0;
    m_lastBytes = 0;
    m_cutOff = false;
}

void CodeKeys::drop()
{
    if (!m_code.empty() && !m_cutOff && lacksItsEnd(m_burst, m_scanner)) {
        Q_EMIT cutOff();
    }
    clear();
}

void CodeKeys::take()
{
    const auto how = way();
    auto code = std::exchange(m_code, {});
    m_code.reserve(kLongestCode);
    clear(); // who hears of it asks what is entered now
    // Some scanners send two line ends; and of a part the rest may have gone elsewhere.
    if (!code.empty() || how.pace == station::EntryWay::Pace::Mixed) {
        Q_EMIT coded(code, how);
    }
    wipeMemory(std::as_writable_bytes(std::span{code}));
}

void CodeKeys::takeAfterSilence()
{
    if (!std::exchange(m_silenceSeen, true)) {
        m_silence.start(kSecondLook);
    } else if (m_scanner.end == enrollment::ScanEnd::Silence && isScan()) {
        take();
    } else if (lacksItsEnd(m_burst, m_scanner)) {
        m_cutOff = true;
        Q_EMIT cutOff();
    }
}

} // namespace enroll::ui

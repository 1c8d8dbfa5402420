#include "ui/sign_in/code_keys.h"

#include "core/base/secret_bytes.h"
#include "core/station/scan_text.h"

#include <QKeyEvent>

#include <algorithm>
#include <utility>

namespace enroll::ui {
namespace {

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
    connect(&m_watch, &ScanWatch::silent, this, &CodeKeys::takeAfterSilence);
}

CodeKeys::Key CodeKeys::press(const QKeyEvent& key)
{
    if (key.key() == Qt::Key_Return || key.key() == Qt::Key_Enter || m_watch.endsScan(key)) {
        m_watch.noteEnd(key);
        return key.isAutoRepeat() ? Key::Character : Key::End; // a key held down is one wish
    }
    const bool control = isControlOfScan(key);
    if (!control && !makesText(key)) {
        return Key::NotMine;
    }
    const auto text = control ? std::string{station::kGroupSeparator} : key.text().toStdString();
    m_watch.press(key);
    if (m_code.size() + text.size() <= kLongestCode) { // what is longer is refused, whatever comes behind
        m_code += text;
        m_lastBytes = text.size();
    }
    return Key::Character;
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
    m_watch.forget();
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
    m_watch.forget();
    wipeMemory(std::as_writable_bytes(std::span{m_code}));
    m_code.clear();
    m_lastBytes = 0;
}

void CodeKeys::drop()
{
    if (!m_code.empty() && m_watch.rest() == ScanWatch::Rest::CutOff) {
        Q_EMIT cutOff();
    }
    clear();
}

void CodeKeys::take()
{
    const auto how = m_watch.way(static_cast<qsizetype>(m_code.size()));
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
    switch (m_watch.rest()) {
    case ScanWatch::Rest::Nothing:
        return;
    case ScanWatch::Rest::Whole:
        return take();
    case ScanWatch::Rest::CutOff:
        m_watch.noteCutOff();
        Q_EMIT cutOff();
    }
}

} // namespace enroll::ui

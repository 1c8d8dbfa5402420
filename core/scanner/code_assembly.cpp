#include "core/scanner/code_assembly.h"

#include <utility>

namespace enroll::scanner {
namespace {

bool endsCode(char c)
{
    return c == '\r' || c == '\n' || c == '\t';
}

} // namespace

std::vector<ScannedLine> CodeAssembly::take(std::string_view characters, Time from, Time until)
{
    std::vector<ScannedLine> lines;
    if (auto earlier = settle(from)) { // over before these came, and nobody asked in between
        lines.push_back(*std::move(earlier));
    }
    if (const auto over = due(); isUnderWay() && over && until >= *over) { // two codes, or one that was read late
        m_torn = true;
    }
    bool isLate = isUnderWay() && until - m_latest > kLongestGap;
    for (const char c : characters) {
        if (endsCode(c)) {
            if (isUnderWay()) { // a line feed behind Return ends nothing more
                lines.push_back(end());
            }
            m_unsureUntil.reset();
            isLate = false;
            continue;
        }
        const bool isRest = !isUnderWay() && m_unsureUntil && from < *m_unsureUntil;
        m_torn = m_torn || isRest || std::exchange(isLate, false) || c == kDamaged || m_text.size() == kLongest;
        m_latest = until;
        if (m_text.size() < kLongest) {
            m_text.push_back(c);
        }
    }
    return lines;
}

void CodeAssembly::tear(Time now)
{
    m_torn = true;
    m_latest = now;
}

std::optional<CodeAssembly::Time> CodeAssembly::due() const
{
    if (!isUnderWay()) {
        return m_unsureUntil;
    }
    return m_latest + (m_end == enrollment::ScanEnd::Silence ? kSilence : kLongestPause);
}

std::optional<ScannedLine> CodeAssembly::settle(Time now)
{
    const auto over = due();
    if (!over || now < *over) {
        return std::nullopt;
    }
    m_unsureUntil.reset();
    if (!isUnderWay()) {
        return std::nullopt;
    }
    m_torn = m_torn || m_end != enrollment::ScanEnd::Silence || m_text.size() < m_fewest;
    auto line = end();
    if (!line.isWhole) {
        m_unsureUntil = *over + kNextScan;
    }
    return line;
}

std::optional<ScannedLine> CodeAssembly::abandon()
{
    if (!isUnderWay()) {
        return std::nullopt;
    }
    m_torn = true;
    return end();
}

ScannedLine CodeAssembly::end()
{
    return {std::exchange(m_text, {}), !std::exchange(m_torn, false)};
}

} // namespace enroll::scanner

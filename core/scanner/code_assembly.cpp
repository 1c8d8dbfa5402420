#include "core/scanner/code_assembly.h"

#include <utility>

namespace enroll::scanner {
namespace {

bool endsCode(char c)
{
    return c == '\r' || c == '\n' || c == '\t';
}

} // namespace

std::vector<ScannedLine> CodeAssembly::take(std::string_view characters, Time now)
{
    std::vector<ScannedLine> lines;
    if (auto earlier = settle(now)) { // over before these came, and nobody asked in between
        lines.push_back(*std::move(earlier));
    }
    for (const char c : characters) {
        m_latest = now;
        if (!endsCode(c)) {
            if (m_text.size() == kLongest) {
                m_torn = true;
            } else {
                m_text.push_back(c);
            }
        } else if (isUnderWay()) { // a line feed behind Return ends nothing more
            lines.push_back(end());
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
        return std::nullopt;
    }
    return m_latest + (m_end == enrollment::ScanEnd::Silence ? kSilence : kLongestPause);
}

std::optional<ScannedLine> CodeAssembly::settle(Time now)
{
    const auto over = due();
    if (!over || now < *over) {
        return std::nullopt;
    }
    m_torn = m_torn || m_end != enrollment::ScanEnd::Silence;
    return end();
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

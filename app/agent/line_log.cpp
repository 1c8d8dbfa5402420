#include "app/agent/line_log.h"

#include "core/base/text.h"

namespace enroll::app::agent {

void LineLog::say(const std::string& peer, const std::string& what, Time now)
{
    const std::lock_guard lock{m_mutex};
    if (!m_since || now - *m_since >= kSpan) {
        m_since = now;
        m_told = 0;
    }
    if (m_told == kMost) {
        ++m_untold;
        return;
    }
    ++m_told;
    auto line = "station " + peer + ": " + what;
    if (m_untold > 0) {
        line += " (" + std::to_string(m_untold) + " further faults were not written: there were too many at a time)";
        m_untold = 0;
    }
    m_out << printableText(line) + "\n" << std::flush;
}

} // namespace enroll::app::agent

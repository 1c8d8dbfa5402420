#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>

namespace enroll::app::agent {

/// Tells what is wrong with the lines of stations, a sentence each. No more than kMost of them in kSpan, so that nobody fills
/// the disk from outside: those beyond are counted, and the next one that is told says how many. Any thread.
class LineLog {
public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr unsigned kMost = 30;
    static constexpr std::chrono::seconds kSpan{60};

    /// \p out must outlive the log.
    explicit LineLog(std::ostream& out) : m_out(out) {}

    /// \param peer  who is at the other end: "10.7.3.2:41234"
    void say(const std::string& peer, const std::string& what, Time now = std::chrono::steady_clock::now());

private:
    std::ostream& m_out;
    std::mutex m_mutex;
    std::optional<Time> m_since; ///< when this span began
    unsigned m_told = 0;         ///< in it
    std::uint64_t m_untold = 0;  ///< since the last one that was told
};

} // namespace enroll::app::agent

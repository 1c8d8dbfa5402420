#pragma once

#include "db/trust/steady_reading.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

namespace enroll::db::trust {

/// What a station trusted when it was read.
struct TrustSnapshot {
    crypto::TrustStore store;
    std::optional<UtcTime> newest; ///< when the newest authority was imported; absent: nobody knows
};

/// What a station trusts, as its files say it now. Somebody imports an authority or a revocation list while devices are
/// tested, and the next test must know it. May be used by many threads.
class CurrentTrust {
public:
    using Clock = std::function<UtcTime()>;
    using Answer = Result<std::shared_ptr<const TrustSnapshot>>;

    /// The trust store \p directory, of which \p sets may vouch. \p clock is the one by which files are dated.
    CurrentTrust(std::filesystem::path directory, std::vector<std::string> sets, Clock clock = utcNow);

    /// Reads the files if one of them came, went or was changed since, which costs a system call for each; several hundred
    /// authorities take some ten milliseconds. Whatever was changed before the call counts. A change that another program is
    /// making is waited for and never seen in part; threads that ask at once share one reading.
    ///
    /// \param patience  how long another program, or the reading of another thread, is waited for
    /// \par Errors   S-347 naming the file that cannot be used, S-348 (the store is being changed for longer), D-141 at once
    ///               when \p stop is asked
    Answer now(const std::stop_token& stop = {}, std::chrono::milliseconds patience = kTrustPatience);

private:
    struct Known {
        TrustStamps stamps;
        Answer answer;
    };

    [[nodiscard]] Answer readForAll(std::unique_lock<std::mutex>& lock, Deadline deadline, const std::stop_token& stop);
    [[nodiscard]] Answer read(Deadline deadline, const std::stop_token& stop);

    std::filesystem::path m_directory;
    std::vector<std::string> m_sets;
    Clock m_clock;
    std::optional<Known> m_known; ///< the thread that reads has it: as long as the files are those, they say that

    std::mutex m_mutex;
    std::condition_variable_any m_read;
    bool m_isReading = false;       ///< one thread reads, the others wait for what it has read
    std::uint64_t m_begun = 0;      ///< readings
    std::uint64_t m_told = 0;       ///< the last one whose answer is anybody's
    std::optional<Answer> m_latest; ///< of that one
};

} // namespace enroll::db::trust

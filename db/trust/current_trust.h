#pragma once

#include "db/trust/known_trust.h"

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

    /// The trust store \p directory, of which \p sets may vouch. \p clock is the one by which files are dated.
    CurrentTrust(std::filesystem::path directory, std::vector<std::string> sets, Clock clock = utcNow);

    /// Reads the files if one of them came, went or was changed since, which costs a system call for each; several hundred
    /// authorities take some ten milliseconds. What is changed while it reads is read again, and never seen in part.
    /// \par Errors   as readKnownTrust(), and read again the next time; S-333 if somebody goes on changing files
    Result<std::shared_ptr<const TrustSnapshot>> now();

private:
    struct FileStamp;
    struct Stamps;

    [[nodiscard]] Stamps stampsNow() const;
    [[nodiscard]] Result<std::shared_ptr<const TrustSnapshot>> read() const;

    std::filesystem::path m_directory;
    std::vector<std::string> m_sets;
    Clock m_clock;
    std::mutex m_mutex; ///< one thread reads, the others take what it has read
    std::shared_ptr<const Stamps> m_stamps;
    std::shared_ptr<const TrustSnapshot> m_snapshot;
};

} // namespace enroll::db::trust

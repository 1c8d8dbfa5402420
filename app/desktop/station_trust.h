#pragma once

#include "core/config/station_config.h"
#include "core/crypto/trust_store.h"
#include "core/enrollment/product_profile.h"

#include <map>

namespace enroll::app::desktop {

/// What a station trusts, as its files say it now. Somebody imports an authority or a revocation list while devices are
/// tested, and the next test must know it. Never changes; may be used by many threads.
class StationTrust {
public:
    StationTrust(config::StationConfig station, enrollment::ProductProfile profile);

    /// The authorities that count for the profile, and every revocation list. Reads all files. Errors as
    /// wiring::loadTrust().
    [[nodiscard]] Result<crypto::TrustStore> read() const;

    /// What the status bar says of them.
    struct Look {
        bool missing = false;               ///< nobody is trusted, and the profile asks for somebody
        std::optional<UtcTime> newest = {}; ///< when the newest was imported; absent: nobody knows
        std::optional<Error> fault = {};    ///< why they cannot be read
        std::map<std::filesystem::path, std::filesystem::file_time_type> folders = {}; ///< when each was changed last
    };
    /// Looks again. Costs a few system calls if no file came, went or was replaced since \p last; what somebody wrote into
    /// a file that stays is seen by read() alone.
    [[nodiscard]] Look lookAgain(Look last) const;

private:
    config::StationConfig m_station;
    enrollment::ProductProfile m_profile;
};

} // namespace enroll::app::desktop

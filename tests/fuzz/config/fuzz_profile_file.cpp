#include "core/base/bytes.h"
#include "core/base/station_code.h"
#include "core/config/profile_file.h"

#include <cstdlib>

/// A profile is refused with its place in the file, or it is one a run can be judged by.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    using namespace std::chrono_literals;
    const auto profile = config::parseProfile(asText(std::as_bytes(std::span{data, size})), "p.toml");
    if (!profile.ok()) {
        const auto& error = profile.error();
        return error.code == StationCode::ConfigurationInvalid && error.what.starts_with("p.toml") ? 0
                                                                                                   : (std::abort(), 0);
    }
    if (profile->stamp.name.empty() || profile->stamp.version.empty() || profile->stamp.sha256.size() != 64 ||
        profile->commandTimeout < 1s || profile->createPrimaryTimeout > 600s) {
        std::abort();
    }
    return 0;
}

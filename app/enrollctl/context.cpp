#include "app/enrollctl/context.h"

#include "core/base/station_code.h"
#include "core/base/written_text.h"
#include "core/system/account_name.h"

#include <sys/stat.h>
#include <unistd.h>

namespace enroll::app::enrollctl {
namespace {

/// A station's account cannot change what root writes among its data: the station would stop. A directory that --data
/// names is somebody's decision.
Result<void> refuseRootAtAnothersData(const std::filesystem::path& data)
{
    struct stat status {};
    if (::geteuid() != 0 || ::stat(data.c_str(), &status) != 0 || status.st_uid == 0) {
        return {};
    }
    const auto owner = system::nameOfAccount(status.st_uid);
    return makeError(StationCode::UsageInvalid, quotedText(data.native()) + " belongs to " + owner +
                                                    ", which could not use what root writes there: sudo -u " + owner +
                                                    " enrollctl ...");
}

} // namespace

config::ConfigSources configSources(const Context& context)
{
    return {context.options.config, context.options.data, context.options.profile};
}

Result<config::StationConfig> loadStation(const Context& context)
{
    TRY_ASSIGN(auto station, config::loadStationConfig(configSources(context)));
    if (!context.options.data) {
        TRY(refuseRootAtAnothersData(station.dataDirectory));
    }
    return station;
}

} // namespace enroll::app::enrollctl

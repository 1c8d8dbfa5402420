#include "app/enrollctl/context.h"

namespace enroll::app::enrollctl {

Result<config::StationConfig> loadStation(const Context& context)
{
    return config::loadStationConfig({context.options.config, context.options.data, context.options.profile});
}

} // namespace enroll::app::enrollctl

#include "app/enrollctl/context.h"

namespace enroll::app::enrollctl {

config::ConfigSources configSources(const Context& context)
{
    return {context.options.config, context.options.data, context.options.profile};
}

Result<config::StationConfig> loadStation(const Context& context)
{
    return config::loadStationConfig(configSources(context));
}

} // namespace enroll::app::enrollctl

#include "app/wiring/destinations.h"

#include "core/base/overloaded.h"
#include "db/dps/dps_destination.h"

namespace enroll::app::wiring {
namespace {

using Opened = Result<std::unique_ptr<delivery::Destination>>;

Opened open(const config::DpsSettings& dps, delivery::Waiting& waiting)
{
    TRY_ASSIGN(auto access, db::dps::readConnectionStringFile(dps.connectionStringFile));
    TRY_ASSIGN(auto client, db::dps::openDpsClient(std::move(access), dps.caFile));
    return Opened{std::make_unique<db::dps::DpsDestination>(
        std::move(client), delivery::RateLimiter{dps.maxOperationsPerMinute}, waiting)};
}

} // namespace

Opened openDestination(const config::DestinationSettings& settings, delivery::Waiting& waiting)
{
    // One arm a kind and none for the rest, so that a kind without its arm does not compile.
    return std::visit(Overloaded{[&](const config::DpsSettings& dps) { return open(dps, waiting); }}, settings);
}

config::DestinationSettings settingsOfConnectionString(std::filesystem::path file, std::filesystem::path caFile)
{
    return config::DpsSettings{.connectionStringFile = std::move(file), .caFile = std::move(caFile)};
}

} // namespace enroll::app::wiring

#include "app/wiring/destinations.h"

#include "core/base/overloaded.h"
#include "core/base/recoded.h"
#include "db/dps/dps_destination.h"

namespace enroll::app::wiring {
namespace {

using Opened = Result<std::unique_ptr<delivery::Destination>>;

/// A success as it is, an error behind the place of \p key, which names the file that cannot be used.
template <class T>
T at(std::string_view key, const Places& places, T read)
{
    const auto place = places.find(std::string{key});
    return place == places.end() ? std::move(read)
                                 : prefixed(place->second + ": destination." + place->first + ": ", std::move(read));
}

Opened open(const config::DpsSettings& dps, const Places& places, delivery::Waiting& waiting)
{
    TRY_ASSIGN(auto access,
               at("connection_string_file", places, db::dps::readConnectionStringFile(dps.connectionStringFile)));
    TRY_ASSIGN(auto client, at("ca_file", places, db::dps::openDpsClient(std::move(access), dps.caFile)));
    return Opened{std::make_unique<db::dps::DpsDestination>(
        std::move(client), delivery::RateLimiter{dps.maxOperationsPerMinute}, waiting)};
}

} // namespace

Opened openDestination(const config::DestinationSettings& settings, delivery::Waiting& waiting, const Places& places)
{
    // One arm a kind and none for the rest, so that a kind without its arm does not compile.
    return std::visit(Overloaded{[&](const config::DpsSettings& dps) { return open(dps, places, waiting); }}, settings);
}

config::DestinationSettings settingsOfConnectionString(std::filesystem::path file, std::filesystem::path caFile)
{
    return config::DpsSettings{.connectionStringFile = std::move(file), .caFile = std::move(caFile)};
}

} // namespace enroll::app::wiring

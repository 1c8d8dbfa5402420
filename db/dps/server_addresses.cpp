#include "db/dps/server_addresses.h"

#include "core/base/cloud_code.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/transport/name_lookup.h"

#include <algorithm>

namespace enroll::db::dps {
namespace {

std::vector<QHostAddress> addressesOf(const addrinfo* list)
{
    std::vector<QHostAddress> addresses;
    for (const auto* entry = list; entry != nullptr; entry = entry->ai_next) {
        const QHostAddress address{entry->ai_addr};
        if (!address.isNull() && std::ranges::find(addresses, address) == addresses.end()) {
            addresses.push_back(address);
        }
    }
    return addresses;
}

/// A numeric address would not serve, unless the certificate names it: TLS holds it against what is written.
Result<transport::AddrInfoPtr> lookUp(const transport::TcpAddress& server, const Deadline& deadline,
                                      const system::WakeUp& interrupt)
{
    auto found = transport::lookUp(server, deadline, interrupt);
    if (found || found.error().code != StationCode::StationCannotReachPort) {
        return found;
    }
    auto error = recoded(std::move(found).error(), CloudCode::Unreachable);
    error.what +=
        "; correct the name, or this machine's name service: the certificate is checked against the name, and a"
        " numeric address does not take its place";
    return error;
}

} // namespace

Result<void> ServerAddresses::find(const Deadline& deadline, const std::stop_token& stop, Clock::time_point now)
{
    constexpr std::chrono::minutes kGoodFor{1};
    if (!m_known.empty() && now - m_lookedUp < kGoodFor) {
        return {};
    }
    TRY_ASSIGN(const auto interrupt, system::WakeUp::create());
    const std::stop_callback wake(stop, [&interrupt] { interrupt.raise(); });
    TRY_ASSIGN(const auto list, lookUp({m_host, m_port}, deadline, interrupt));
    m_known = addressesOf(list.get());
    m_lookedUp = now;
    if (m_known.empty()) {
        return makeError(CloudCode::Unreachable, m_host + ": the name has no address", "getaddrinfo");
    }
    return {};
}

void ServerAddresses::tryNext()
{
    std::rotate(m_known.begin(), m_known.begin() + 1, m_known.end()); // clang 14 cannot read the one of ranges
}

} // namespace enroll::db::dps

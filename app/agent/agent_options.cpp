#include "app/agent/agent_options.h"

#include "core/base/station_code.h"
#include "core/base/written_text.h"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace enroll::app::agent {
namespace {

constexpr std::string_view kListenWord = "tcp://";
constexpr unsigned kLongestIdle = 3600;

Error invalid(std::string why)
{
    return makeError(StationCode::UsageInvalid, std::move(why));
}

/// 127.0.0.0/8 and ::1. \p host is numeric.
bool isLoopback(const std::string& host)
{
    constexpr std::uint32_t kLoopbackNet = 127;
    in_addr version4{};
    in6_addr version6{};
    if (::inet_pton(AF_INET, host.c_str(), &version4) == 1) {
        return (ntohl(version4.s_addr) >> 24U) == kLoopbackNet;
    }
    return ::inet_pton(AF_INET6, host.c_str(), &version6) == 1 && IN6_IS_ADDR_LOOPBACK(&version6);
}

Result<arguments::ListenAddress> listenAddressOf(const WrittenOptions& written)
{
    if (!written.listen.starts_with(kListenWord)) {
        return invalid("--listen: " + quotedText(written.listen) + " is not of the form tcp://127.0.0.1:PORT");
    }
    TRY_ASSIGN(auto address, arguments::parseListenAddress(written.listen.substr(kListenWord.size())));
    if (!written.allowNetwork && !isLoopback(address.host)) {
        return invalid(
            "--listen: " + quotedText(written.listen) +
            " is not on this machine alone, and whoever reaches it may use the TPM; for a cable that leads to"
            " the station and nowhere else, add --allow-network");
    }
    return address;
}

} // namespace

Result<AgentOptions> checkOptions(const WrittenOptions& written)
{
    if (written.standardStreams == !written.listen.empty()) {
        return invalid("either --listen or --stdio is needed, and not both");
    }
    if (written.allowNetwork && written.standardStreams) {
        return invalid("--allow-network belongs to --listen");
    }
    if (written.idleSeconds == 0 || written.idleSeconds > kLongestIdle) {
        return invalid("--idle-seconds: a number from 1 to " + std::to_string(kLongestIdle) + " is needed");
    }
    TRY_ASSIGN(auto tpm, transport::parseDeviceAddress(written.tpm));
    AgentOptions options{std::move(tpm), std::nullopt, written.serialNumberFile,
                         std::chrono::seconds{written.idleSeconds}, written.permitted};
    if (!written.standardStreams) {
        TRY_ASSIGN(options.listen, listenAddressOf(written));
    }
    return options;
}

} // namespace enroll::app::agent

#include "app/agent/agent_options.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/written_text.h"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace enroll::app::agent {
namespace {

constexpr std::string_view kPlainWord = "tcp://";
constexpr std::string_view kTlsWord = "tls://";
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

Result<Listening> plainListening(const WrittenOptions& written)
{
    if (!written.keys.empty()) {
        return invalid("--keys belongs to --listen tls://: nothing is shown to a station at tcp://");
    }
    TRY_ASSIGN(auto address, arguments::parseListenAddress(written.listen.substr(kPlainWord.size())));
    if (!written.allowNetwork && !isLoopback(address.host)) {
        return invalid(
            "--listen: " + quotedText(written.listen) +
            " is not on this machine alone, and whoever reaches it may use the TPM: tls:// with --keys lets in the"
            " plant's stations alone; for a cable that leads to the station and nowhere else, add --allow-network");
    }
    return Listening{std::move(address), std::nullopt};
}

Result<Listening> tlsListening(const WrittenOptions& written)
{
    if (written.keys.empty()) {
        return invalid("--listen tls:// needs --keys DIRECTORY: `enrollctl agent-keys agent` makes the directory");
    }
    if (written.allowNetwork) {
        return invalid("--allow-network belongs to --listen tcp://: tls:// takes any address without it");
    }
    TRY_ASSIGN(auto address, arguments::parseListenAddress(written.listen.substr(kTlsWord.size())));
    return Listening{std::move(address), transport::filesOfMachine(written.keys)};
}

Result<Listening> listeningOf(const WrittenOptions& written)
{
    if (written.listen.starts_with(kPlainWord)) {
        return plainListening(written);
    }
    if (written.listen.starts_with(kTlsWord)) {
        return tlsListening(written);
    }
    return invalid("--listen: " + quotedText(written.listen) +
                   " is not of the form tcp://127.0.0.1:PORT or tls://ADDRESS:PORT");
}

Result<transport::SerialAddress> serialLineOf(const WrittenOptions& written)
{
    return prefixed("--serial: ",
                    transport::serialAddressAt(written.serialLine,
                                               std::to_string(written.baud.value_or(transport::SerialAddress{}.baud))));
}

/// That there is one place to serve stations at, and no option that belongs to another one.
Result<void> requireOnePlace(const WrittenOptions& written)
{
    const int places =
        (written.listen.empty() ? 0 : 1) + (written.serialLine.empty() ? 0 : 1) + (written.standardStreams ? 1 : 0);
    if (places != 1) {
        return invalid("one of --listen, --serial and --stdio is needed, and no two");
    }
    if (written.listen.empty() && (written.allowNetwork || !written.keys.empty())) {
        return invalid(std::string{written.allowNetwork ? "--allow-network" : "--keys"} + " belongs to --listen");
    }
    if (written.serialLine.empty() && written.baud) {
        return invalid("--baud belongs to --serial");
    }
    return {};
}

} // namespace

Result<AgentOptions> checkOptions(const WrittenOptions& written)
{
    TRY(requireOnePlace(written));
    if (written.idleSeconds == 0 || written.idleSeconds > kLongestIdle) {
        return invalid("--idle-seconds: a number from 1 to " + std::to_string(kLongestIdle) + " is needed");
    }
    TRY_ASSIGN(auto tpm, transport::parseDeviceAddress(written.tpm));
    AgentOptions options{std::move(tpm),
                         std::nullopt,
                         std::nullopt,
                         written.serialNumberFile,
                         std::chrono::seconds{written.idleSeconds},
                         written.permitted};
    if (!written.listen.empty()) {
        TRY_ASSIGN(options.listen, listeningOf(written));
    }
    if (!written.serialLine.empty()) {
        TRY_ASSIGN(options.serialLine, serialLineOf(written));
    }
    return options;
}

} // namespace enroll::app::agent

#include "core/tpm/presence_probe.h"

#include "core/base/bytes.h"
#include "core/base/device_code.h"
#include "core/tpm/agent_announcement.h"
#include "core/tpm/tpm_exchange.h"
#include "core/transport/open_channel.h"
#include "core/transport/usb_port.h"

#include <tss2/tss2_tpm2_types.h>

#include <array>
#include <filesystem>

namespace enroll::tpm {
namespace {

/// TPM2_GetCapability(TPM_CAP_TPM_PROPERTIES, TPM_PT_MANUFACTURER, 1). TPM 2.0 Library, Part 3, section 30.2.
Bytes oneProperty()
{
    ByteWriter writer;
    writer.u16(TPM2_ST_NO_SESSIONS);
    writer.u32(22); // of the whole command
    writer.u32(TPM2_CC_GetCapability);
    writer.u32(TPM2_CAP_TPM_PROPERTIES);
    writer.u32(TPM2_PT_MANUFACTURER);
    writer.u32(1);
    return std::move(writer).take();
}

/// True if \p fault of an opening means that no device is there.
bool isNobody(const Error& fault)
{
    return fault.code == DeviceCode::NoTpmAnswers || fault.code == DeviceCode::TpmTimedOut;
}

/// The node of an adapter goes with its device, and a USB port with its hub. Whoever opens it for a test calls that the station's
/// fault (S-321), because a mistyped path looks the same; here both mean that no device is there.
bool nodeIsMissing(const transport::DeviceAddress& address)
{
    if (const auto* port = std::get_if<transport::UsbAddress>(&address)) {
        return transport::isUnplugged(*port);
    }
    const auto* node = std::get_if<transport::DeviceNodeAddress>(&address);
    const auto* line = std::get_if<transport::SerialAddress>(&address);
    const auto* path = node != nullptr ? &node->path : line != nullptr ? &line->path : nullptr;
    std::error_code fault;
    return path != nullptr && !std::filesystem::exists(*path, fault) && !fault;
}

/// True if an SSH server greets at \p place: "SSH-2.0-…" comes before any login. RFC 4253, section 4.2. Nothing if something else
/// does, or nothing in time: servers that are busy accept and are silent.
std::optional<bool> sshGreets(const transport::TcpAddress& place, std::chrono::milliseconds patience,
                              const std::stop_token& stop)
{
    constexpr std::string_view kGreeting = "SSH-";
    const auto end = Deadline::in(patience);
    const auto channel = transport::openChannel(place, end, stop);
    if (!channel.ok()) {
        return isNobody(channel.error()) ? std::optional{false} : std::nullopt;
    }
    const std::stop_callback onStop{stop, [&line = **channel] { line.interrupt(); }};
    std::array<std::byte, kGreeting.size()> greeting{};
    for (std::size_t count = 0; count < greeting.size();) {
        const auto some = (*channel)->receive(std::span{greeting}.subspan(count), end);
        if (!some.ok() || *some == 0) {
            return std::nullopt;
        }
        count += *some;
    }
    return asText(greeting) == kGreeting ? std::optional{true} : std::nullopt;
}

/// Asks for one property; \p further has the line after that if a TPM answers there.
template <class Further>
std::optional<DeviceAnswer> question(const transport::DeviceAddress& address, std::chrono::milliseconds patience,
                                     const std::stop_token& stop, const transport::AgentFiles& files, Further further)
{
    constexpr DeviceAnswer kNobody{};
    if (nodeIsMissing(address)) {
        return kNobody;
    }
    const auto end = Deadline::in(patience);
    auto channel = transport::openChannel(address, end, stop, files);
    if (!channel.ok()) {
        // A login that takes too long is no sign that nobody is there.
        const bool isSlow =
            std::holds_alternative<transport::SshAddress>(address) && channel.error().code == DeviceCode::TpmTimedOut;
        return isNobody(channel.error()) && !isSlow ? std::optional{kNobody} : std::nullopt;
    }
    CommandDeadlines deadlines;
    deadlines.normal = patience;
    deadlines.busyRetries = patience;
    TpmExchange exchange(std::move(channel).value(), deadlines, stop, end);
    const auto response = exchange.run(oneProperty());
    if (response.ok()) {
        return further(exchange);
    }
    const auto code = response.error().code;
    const bool closed = code == DeviceCode::NoTpmAnswers || code == DeviceCode::TpmResponseTruncated;
    return closed ? std::optional{kNobody} : std::nullopt;
}

/// Who relays the TPM that answered. A line that breaks now says nothing certain: the next look may find nobody.
std::optional<DeviceAnswer> saidThere(TpmExchange& exchange)
{
    const auto said = askAgent(exchange);
    if (said.ok()) {
        return DeviceAnswer{true, *said ? std::optional{(*said)->serialNumber} : std::nullopt};
    }
    const bool isNonsense = said.error().code == DeviceCode::TpmResponseMalformed;
    return isNonsense ? std::optional{DeviceAnswer{true}} : std::nullopt;
}

/// Where a connection shows that somebody is there. An agent that closes an accepted one is, too: it may still be busy with the line
/// that broke. And nobody has to log in for it.
transport::DeviceAddress placeOf(const transport::DeviceAddress& address)
{
    if (const auto* tls = std::get_if<transport::TlsAddress>(&address)) {
        return tls->place;
    }
    const auto* ssh = std::get_if<transport::SshAddress>(&address);
    return ssh != nullptr ? transport::DeviceAddress{ssh->place} : address;
}

} // namespace

bool isBehindJumpHost(const transport::DeviceAddress& address) noexcept
{
    const auto* ssh = std::get_if<transport::SshAddress>(&address);
    return ssh != nullptr && ssh->jump;
}

bool nobodyIsAt(const transport::DeviceAddress& address, std::chrono::milliseconds patience,
                const std::stop_token& stop)
{
    if (isBehindJumpHost(address)) {
        return false;
    }
    const auto channel = transport::openChannel(placeOf(address), Deadline::in(patience), stop);
    // The node is looked for afterwards: it may go while it is opened.
    return !channel.ok() && (channel.error().code == DeviceCode::NoTpmAnswers || nodeIsMissing(address));
}

std::optional<bool> tpmAnswers(const transport::DeviceAddress& address, std::chrono::milliseconds patience,
                               const std::stop_token& stop, const transport::AgentFiles& files)
{
    if (const auto* ssh = std::get_if<transport::SshAddress>(&address); ssh != nullptr && !ssh->jump) {
        return sshGreets(ssh->place, patience, stop);
    }
    const auto answer =
        question(address, patience, stop, files, [](TpmExchange&) { return std::optional{DeviceAnswer{true}}; });
    return answer ? std::optional{answer->answers} : std::nullopt;
}

std::optional<DeviceAnswer> askDevice(const transport::DeviceAddress& address, std::chrono::milliseconds patience,
                                      const std::stop_token& stop, const transport::AgentFiles& files)
{
    return question(address, patience, stop, files, saidThere);
}

} // namespace enroll::tpm

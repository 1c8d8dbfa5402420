#include "core/tpm/presence_probe.h"

#include "core/base/bytes.h"
#include "core/base/device_code.h"
#include "core/tpm/agent_announcement.h"
#include "core/tpm/tpm_exchange.h"
#include "core/transport/open_channel.h"

#include <tss2/tss2_tpm2_types.h>

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

/// The node of an adapter goes with its device. Whoever opens it for a test calls that the station's fault (S-321), because
/// a mistyped path looks the same; here both mean that no device is there.
bool nodeIsMissing(const transport::DeviceAddress& address)
{
    const auto* node = std::get_if<transport::DeviceNodeAddress>(&address);
    const auto* line = std::get_if<transport::SerialAddress>(&address);
    const auto* path = node != nullptr ? &node->path : line != nullptr ? &line->path : nullptr;
    std::error_code fault;
    return path != nullptr && !std::filesystem::exists(*path, fault) && !fault;
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
        const auto code = channel.error().code;
        const bool nobody = code == DeviceCode::NoTpmAnswers || code == DeviceCode::TpmTimedOut;
        return nobody ? std::optional{kNobody} : std::nullopt;
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

} // namespace

bool nobodyIsAt(const transport::DeviceAddress& address, std::chrono::milliseconds patience,
                const std::stop_token& stop)
{
    // An agent that closes an accepted connection is there, too: it may still be busy with the line that broke.
    const auto* tls = std::get_if<transport::TlsAddress>(&address);
    const auto channel = transport::openChannel(tls == nullptr ? address : transport::DeviceAddress{tls->place},
                                                Deadline::in(patience), stop);
    // The node is looked for afterwards: it may go while it is opened.
    return !channel.ok() && (channel.error().code == DeviceCode::NoTpmAnswers || nodeIsMissing(address));
}

std::optional<bool> tpmAnswers(const transport::DeviceAddress& address, std::chrono::milliseconds patience,
                               const std::stop_token& stop, const transport::AgentFiles& files)
{
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

#include "core/tpm/agent_announcement.h"

#include "core/base/assert.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/tpm/command_table.h"
#include "core/tpm/response_frame.h"
#include "core/tpm/tpm_exchange.h"

namespace enroll::tpm {
namespace {

Error malformed(std::string rule)
{
    return makeError(DeviceCode::TpmResponseMalformed,
                     "what the agent says of itself breaks a rule: " + std::move(rule),
                     std::string{traitsOf(command_code::kAgentQuestion).name});
}

/// UTF-8 without control characters, and nothing else that a screen would not show as it is.
bool isPlain(std::string_view text)
{
    return printableText(text) == text && trimmed(text) == text;
}

bool isNode(std::string_view text)
{
    return !text.empty() && text.size() <= kMostNodeBytes && isPlain(text);
}

Bytes framed(std::uint32_t code, ByteView payload)
{
    const auto size = kHeaderSize + payload.size();
    ByteWriter writer;
    writer.u16(kTagNoSessions).u32(static_cast<std::uint32_t>(size)).u32(code).bytes(payload);
    return std::move(writer).take();
}

/// What follows the ten bytes of a header, if the header has this \p code and the size of the frame.
std::optional<ByteReader> payloadOf(ByteView frame, std::uint32_t code, ErrorCode misfit)
{
    ByteReader reader{frame, misfit};
    const auto tag = reader.u16("tag");
    const auto size = reader.u32("size");
    const auto written = reader.u32("code");
    const bool fits = written.ok() && *tag == kTagNoSessions && *size == frame.size() && *written == code;
    return fits && frame.size() <= kLongestFrame ? std::optional{reader} : std::nullopt;
}

/// Refuses protocol 0, which nobody speaks, and what stands behind the last field that \p protocol has.
Result<void> requireKnownEnd(std::uint16_t protocol, const ByteReader& reader)
{
    return protocol > kAgentProtocol ? Result<void>{} : reader.requireEnd("announcement");
}

} // namespace

bool mayBeAnnouncedSerial(std::string_view text)
{
    return !text.empty() && text.size() <= kMostSerialBytes && isPlain(text);
}

Bytes encodeAgentQuestion()
{
    return framed(command_code::kAgentQuestion, ByteWriter{}.u16(kAgentProtocol).view());
}

Result<std::uint16_t> parseAgentQuestion(ByteView command)
{
    const auto misfit = StationCode::EncodingMalformed;
    auto reader = payloadOf(command, command_code::kAgentQuestion, misfit);
    if (!reader) {
        return makeError(misfit, "the command is no question for an agent");
    }
    TRY_ASSIGN(const auto protocol, reader->u16("protocol"));
    if (protocol == 0) {
        return makeError(misfit, "the question is of protocol 0, which does not exist");
    }
    TRY(requireKnownEnd(protocol, *reader));
    return protocol;
}

Bytes encodeAgentAnswer(const AgentAnnouncement& said)
{
    ENROLL_ASSERT(said.protocol != 0 && isNode(said.tpm) &&
                      (said.serialNumber.empty() || mayBeAnnouncedSerial(said.serialNumber)),
                  "an agent announces what a station can read");
    ByteWriter payload;
    payload.u16(said.protocol).sized(asBytes(said.serialNumber)).sized(asBytes(said.tpm));
    return framed(0, payload.view());
}

Result<AgentAnnouncement> parseAgentAnswer(ByteView response)
{
    auto reader = payloadOf(response, 0, DeviceCode::TpmResponseMalformed);
    if (!reader) {
        return malformed("it is not the response to the question");
    }
    AgentAnnouncement said;
    TRY_ASSIGN(said.protocol, reader->u16("protocol"));
    if (said.protocol == 0) {
        return malformed("its protocol is 0, which does not exist");
    }
    TRY_ASSIGN(const auto serial, reader->sized(kMostSerialBytes, "serial number"));
    TRY_ASSIGN(const auto node, reader->sized(kMostNodeBytes, "TPM node"));
    TRY(requireKnownEnd(said.protocol, *reader));
    said.serialNumber = asText(serial);
    said.tpm = asText(node);
    if (!said.serialNumber.empty() && !mayBeAnnouncedSerial(said.serialNumber)) {
        return malformed("the serial number is no plain text");
    }
    if (!isNode(said.tpm)) {
        return malformed("the TPM node is no plain text");
    }
    return said;
}

Result<std::optional<AgentAnnouncement>> askAgent(TpmExchange& exchange)
{
    TRY_ASSIGN(const auto response, exchange.run(encodeAgentQuestion()));
    ByteReader reader{ByteView{response}.subspan(6), DeviceCode::TpmResponseMalformed}; // behind tag and size
    TRY_ASSIGN(const auto code, reader.u32("responseCode"));
    if (code != 0) {
        return std::optional<AgentAnnouncement>{};
    }
    TRY_ASSIGN(auto said, parseAgentAnswer(response));
    return std::optional{std::move(said)};
}

} // namespace enroll::tpm

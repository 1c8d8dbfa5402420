#include "core/tpm/response_frame.h"

#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/crypto/digest.h"
#include "core/tpm/command_table.h"

namespace enroll::tpm {
namespace {

constexpr std::uint16_t kTagOfVersion12 = 0x00C4;        // TPM_TAG_RSP_COMMAND of TPM 1.2: its answer to any other tag
constexpr int kMostSessions = 3;                         // Part 1, "Authorization Session Formats"
constexpr std::uint32_t kCodeBits = 0x00000FFF;          // Part 2, "Response Code Formats"
constexpr std::uint32_t kFormatOne = 1U << 7U;           // F
constexpr std::uint32_t kVersionTwo = 1U << 8U;          // V, of format zero: set by every TPM 2.0
constexpr std::uint32_t kLayerOfManager = 0x000B0000;    // TSS2_RESMGR_RC_LAYER: the kernel's manager or tpm2-abrmd
constexpr std::uint32_t kLayerOfManagerTpm = 0x000C0000; // TSS2_RESMGR_TPM_RC_LAYER: a TPM code from a manager

Error malformed(std::string rule)
{
    return makeError(DeviceCode::TpmResponseMalformed, "the response breaks a rule: " + std::move(rule));
}

bool knownTag(std::uint16_t tag) noexcept
{
    return tag == kTagNoSessions || tag == kTagSessions;
}

/// Refuses codes that no TPM 2.0 sends: unknown layer bits, and numbers without a format bit.
///
/// Numbers without a format bit are those of TPM 1.2, and those that tpm2-tss raises itself. tpm2-tss would take the
/// device's number for its own: a "try again" leads it into a call sequence that it then reports as its caller's fault.
Result<void> requireKnownCode(std::uint32_t code)
{
    if (code == 0) {
        return {};
    }
    const auto layer = code & ~kCodeBits;
    if (layer != 0 && layer != kLayerOfManager && layer != kLayerOfManagerTpm) {
        return malformed("unknown bits in the response code");
    }
    if ((code & (kFormatOne | kVersionTwo)) == 0) {
        return malformed("the response code is not one that a TPM 2.0 sends");
    }
    return {};
}

/// TPM 2.0 Library Part 1: a response with an error code has no sessions, no handle and no parameters.
Result<void> requireBareFailure(std::uint16_t tag, std::size_t size)
{
    if (tag != kTagNoSessions || size != kHeaderSize) {
        return malformed("a failure carries more than its code");
    }
    return {};
}

/// TPM2_GetCapability: moreData, the capability, a count and as many entries. Lists that this product asks for end where
/// their count says; others are let through.
/// Source: TPM 2.0 Library Part 2, TPMS_CAPABILITY_DATA.
Result<void> requireWholeList(ByteView parameters)
{
    constexpr std::uint32_t kHandles = 1;
    constexpr std::uint32_t kProperties = 6;
    ByteReader reader{parameters, DeviceCode::TpmResponseMalformed};
    TRY(reader.u8("moreData"));
    TRY_ASSIGN(const auto capability, reader.u32("capability"));
    TRY_ASSIGN(const auto count, reader.u32("count"));
    const std::size_t entry = capability == kHandles ? 4 : (capability == kProperties ? 8 : 0);
    if (entry != 0 && reader.remaining() != count * entry) {
        return malformed("a list has another length than its number of entries");
    }
    return {};
}

/// tpm2-tss before 4.2.0 trusts the size that the first TPM2B of a response states (GHSA-7638-f8gq-c475).
Result<void> requireFirstParameterFits(const CommandTraits& traits, ByteView parameters)
{
    if (traits.first == FirstParameter::Other) {
        return {};
    }
    if (traits.first == FirstParameter::Capability) {
        return requireWholeList(parameters);
    }
    ByteReader reader{parameters, DeviceCode::TpmResponseMalformed};
    const bool digest = traits.first == FirstParameter::Digest;
    TRY(reader.sized(digest ? kLongestDigest : UINT16_MAX, "first parameter"));
    return digest ? reader.requireEnd("the only parameter") : Result<void>{};
}

/// Reads the authorization area of a response: per session a nonce, attributes and an HMAC, and nothing behind the
/// last.
Result<void> requireAuthorizationsEndExactly(ByteReader reader)
{
    int sessions = 0;
    do {
        TRY(reader.sized(kLongestDigest, "nonce of an authorization"));
        TRY(reader.u8("attributes of an authorization"));
        TRY(reader.sized(kLongestDigest, "HMAC of an authorization"));
        ++sessions;
    } while (reader.remaining() > 0 && sessions < kMostSessions);
    return reader.requireEnd("authorizations");
}

/// \param reader  stands behind the header. Layout: [handle], then either the parameters alone (no sessions), or the
///                size of the parameters, the parameters and the authorization area (sessions).
Result<void> checkSuccess(const CommandTraits& traits, std::uint16_t tag, ByteReader reader)
{
    if (traits.handle == ResponseHandle::One) {
        TRY(reader.u32("handle"));
    }
    if (tag == kTagNoSessions) {
        return requireFirstParameterFits(traits, reader.rest());
    }
    TRY_ASSIGN(const auto parameterSize, reader.u32("parameterSize"));
    TRY_ASSIGN(const auto parameters, reader.take(parameterSize, "parameters"));
    TRY(requireFirstParameterFits(traits, parameters));
    return requireAuthorizationsEndExactly(reader);
}

/// \param parameters  begin with a public area and its name
Result<bool> beginWithNamedArea(ByteView parameters, std::size_t beforeNameAlgorithm)
{
    ByteReader reader{parameters};
    TRY_ASSIGN(const auto area, reader.sized(UINT16_MAX, "public area"));
    TRY_ASSIGN(const auto name, reader.sized(kLongestDigest + sizeof(std::uint16_t), "name"));
    TRY_ASSIGN(const auto computed, nameOfArea(area, beforeNameAlgorithm));
    return equalBytes(computed, name);
}

Result<CommandHeader> readCommandHeader(ByteView command)
{
    ByteReader reader{command};
    TRY_ASSIGN(const auto tag, reader.u16("tag"));
    TRY_ASSIGN(const auto size, reader.u32("commandSize"));
    TRY_ASSIGN(const auto code, reader.u32("commandCode"));
    return CommandHeader{tag, size, code};
}

} // namespace

Result<CommandHeader> parseCommandHeader(ByteView command)
{
    auto header = readCommandHeader(command);
    if (!header || !knownTag(header->tag) || header->size != command.size()) {
        return makeError(StationCode::InternalFault, "the bytes to be sent are not a TPM command");
    }
    return header;
}

Result<std::size_t> announcedSize(ByteView start)
{
    ByteReader reader{start, DeviceCode::TpmResponseMalformed};
    TRY_ASSIGN(const auto tag, reader.u16("tag"));
    TRY_ASSIGN(const auto size, reader.u32("responseSize"));
    if (tag == kTagOfVersion12) {
        return makeError(DeviceCode::TpmOfVersion12, "the response has the tag of a TPM 1.2");
    }
    if (!knownTag(tag)) {
        return malformed("the tag is not that of a TPM 2.0");
    }
    if (size > kLongestFrame) {
        return makeError(DeviceCode::TpmResponseOversized,
                         "the response announces " + std::to_string(size) + " bytes, more than 4096");
    }
    if (size < kHeaderSize) {
        return malformed("it announces less than its own header");
    }
    return std::size_t{size};
}

Result<std::uint32_t> checkResponseFrame(const CommandHeader& command, ByteView response)
{
    TRY_ASSIGN(const auto size, announcedSize(response));
    if (response.size() > size) {
        return makeError(DeviceCode::TpmResponseOversized, "more bytes came than the response announces");
    }
    if (response.size() < size) {
        return malformed("fewer bytes came than it announces");
    }
    ByteReader reader{response, DeviceCode::TpmResponseMalformed};
    TRY_ASSIGN(const auto tag, reader.u16("tag"));
    TRY(reader.u32("responseSize"));
    TRY_ASSIGN(const auto code, reader.u32("responseCode"));
    TRY(requireKnownCode(code));
    if (code != 0) {
        TRY(requireBareFailure(tag, size));
        return code;
    }
    if (tag != command.tag) {
        return malformed("the tag is not that of the command");
    }
    TRY(checkSuccess(traitsOf(command.commandCode), tag, reader));
    return code;
}

Result<Bytes> nameOfArea(ByteView area, std::size_t before)
{
    ByteReader reader{area, DeviceCode::TpmResponseMalformed};
    TRY(reader.take(before, "what stands before nameAlg"));
    TRY_ASSIGN(const auto algorithm, reader.u16("nameAlg"));
    auto digest = crypto::digest(crypto::HashAlgorithm{algorithm}, {area});
    if (!digest) {
        return malformed("the name algorithm of a public area is unknown");
    }
    return concat({ByteWriter{}.u16(algorithm).view(), *digest});
}

bool nameFitsArea(const CommandHeader& command, ByteView response)
{
    const auto first = traitsOf(command.commandCode).first;
    const bool named = first == FirstParameter::ObjectArea || first == FirstParameter::NvArea;
    if (!named || command.tag != kTagNoSessions || response.size() == kHeaderSize) {
        return true;
    }
    const auto fits =
        beginWithNamedArea(response.subspan(kHeaderSize),
                           first == FirstParameter::NvArea ? kBeforeNvNameAlgorithm : kBeforeObjectNameAlgorithm);
    return fits.ok() && *fits;
}

} // namespace enroll::tpm

#pragma once

#include "core/base/bytes.h"

namespace enroll::tpm {

inline constexpr std::size_t kHeaderSize = 10;
inline constexpr std::size_t kLongestFrame = 4096;

inline constexpr std::uint16_t kTagNoSessions = 0x8001;
inline constexpr std::uint16_t kTagSessions = 0x8002;

/// The ten bytes that begin every command.
struct CommandHeader {
    std::uint16_t tag;
    std::uint32_t size;
    std::uint32_t commandCode;
    bool operator==(const CommandHeader&) const = default;
};

/// The header of a command of ours. Error S-399 if the bytes are no whole command: no device made them.
Result<CommandHeader> parseCommandHeader(ByteView command);

/// How long the response that begins with \p start (at least ten bytes) says it is, 10..4096.
/// Errors D-103 (no TPM 2.0 response, or shorter than its own header), D-106 (longer than any response), D-119 (the
/// response of a TPM 1.2).
Result<std::size_t> announcedSize(ByteView start);

/// Refuses a response that breaks the rules, before a TPM library sees it. Returns its response code.
///
/// The device is not trusted, and the library computes with sizes that it finds in the frame. Held to be true
/// afterwards:
/// - the tag is one of the two; it is that of the command if the command succeeded, and "no sessions" if not;
/// - the announced size is the number of bytes received;
/// - the response code has twelve bits, or was marked by a resource manager (layer 11 or 12), nothing else;
/// - a code other than success has one of the two formats of a TPM 2.0: bit 7 or bit 8 is set. TPM 1.2 codes do not,
///   nor do codes that tpm2-tss uses for itself: it would mistake them for its own;
/// - a failure consists of the header alone;
/// - with sessions: the parameters fit, and the authorizations behind them end exactly with the frame;
/// - where the response begins with a TPM2B, it lies wholly within the parameters; where that TPM2B is a digest, it has
///   at most 64 bytes. A longer nonce would make ESYS flush the new session with a call that ESYS itself then refuses;
/// - a list of handles or of properties has as many entries as it says, and nothing behind them: tpm2-tss would take the
///   missing ones from what an earlier response left in its buffer.
///
/// Pure; any thread.
///
/// \par Errors   D-103 naming the rule, D-106 if more bytes came than were announced
/// \par Source   TPM 2.0 Library Part 1, "Response Header" and "Authorization Session Formats"; Part 2, "Response Code
///               Formats"
Result<std::uint32_t> checkResponseFrame(const CommandHeader& command, ByteView response);

/// False if \p response, which passed checkResponseFrame(), carries a public area and another name than that of the
/// area: at least one bit was changed on the way. True for every other response, and for one with sessions: its area is
/// encrypted, and an HMAC covers it.
/// Source: TPM 2.0 Library Part 3, TPM2_ReadPublic and TPM2_NV_ReadPublic.
bool nameFitsArea(const CommandHeader& command, ByteView response);

/// The name of a public area: its name algorithm, then the digest of the area. Error D-103 if the area is too short or
/// its name algorithm unknown.
/// \param area    a TPMT_PUBLIC or TPMS_NV_PUBLIC, without a size prefix
/// \param before  the bytes in front of its name algorithm: kBeforeNameAlgorithm…
/// \par Source   TPM 2.0 Library Part 1, "Names"
Result<Bytes> nameOfArea(ByteView area, std::size_t before);
inline constexpr std::size_t kBeforeObjectNameAlgorithm = 2; ///< type
inline constexpr std::size_t kBeforeNvNameAlgorithm = 4;     ///< nvIndex

} // namespace enroll::tpm

#pragma once

#include <cstdint>
#include <string_view>

namespace enroll::tpm {

/// Commands that this product sends. Source: TPM 2.0 Library Part 2, "TPM_CC".
namespace command_code {
inline constexpr std::uint32_t kEvictControl = 0x120;
inline constexpr std::uint32_t kCreatePrimary = 0x131;
inline constexpr std::uint32_t kActivateCredential = 0x147;
inline constexpr std::uint32_t kShutdown = 0x145;
inline constexpr std::uint32_t kNvRead = 0x14E;
inline constexpr std::uint32_t kPolicySecret = 0x151;
inline constexpr std::uint32_t kCreate = 0x153;
inline constexpr std::uint32_t kHmac = 0x155;
inline constexpr std::uint32_t kImport = 0x156;
inline constexpr std::uint32_t kLoad = 0x157;
inline constexpr std::uint32_t kPolicyOr = 0x171;
inline constexpr std::uint32_t kFlushContext = 0x165;
inline constexpr std::uint32_t kNvReadPublic = 0x169;
inline constexpr std::uint32_t kReadPublic = 0x173;
inline constexpr std::uint32_t kStartAuthSession = 0x176;
inline constexpr std::uint32_t kGetCapability = 0x17A;
inline constexpr std::uint32_t kGetRandom = 0x17B;

/// Asks an enroll-agent what it is (agent_announcement.h); no TPM knows it. No vendor's command (bit 29), and far above
/// the TCG's in the low 16 bits too, which alone some TPMs look a command up by. None of the reserved bits is set.
/// Source: TPM 2.0 Library Part 2, "TPM_CC" and "TPMA_CC".
inline constexpr std::uint32_t kAgentQuestion = 0xE5A1;
} // namespace command_code

inline constexpr std::uint16_t kLongestDigest = 64; ///< SHA-512: nonces, HMACs and digests in a response

/// Whether a handle stands between the header and the parameters of a successful response.
enum class ResponseHandle { None, One };
/// What a successful response's parameters begin with: a TPM2B of any size, one of at most kLongestDigest bytes that is
/// all there is, one with a public area (of an object or of an NV index) that is followed by the area's name, a capability's list, or
/// something without a size field.
enum class FirstParameter { Other, Tpm2b, Digest, ObjectArea, NvArea, Capability };
/// Which of the CommandDeadlines bounds the wait for the response.
enum class CommandClass { Normal, CreateKey };

/// The shape of a command's response and the deadline for it.
struct CommandTraits {
    std::uint32_t code;
    std::string_view name; ///< "TPM2_Load"
    ResponseHandle handle;
    FirstParameter first;
    CommandClass duration;
};

/// The traits of a command. A command that is not in the table counts as one without a response handle, with
/// FirstParameter::Other and normal duration.
const CommandTraits& traitsOf(std::uint32_t commandCode) noexcept;

/// True if the command is one that this product sends: it has a row in the table.
bool isOwnCommand(std::uint32_t commandCode) noexcept;

} // namespace enroll::tpm

#pragma once

#include <cstdint>
#include <string>

namespace enroll::tpm {

/// A TPM response code without what varies: the number of the parameter, handle or session, and the software layer.
struct ResponseCode {
    std::uint32_t number; ///< TPM_RC, e.g. 0x09F for TPM_RC_INTEGRITY
    enum class About { Nothing, Parameter, Handle, Session } about = About::Nothing;
    unsigned index = 0; ///< which one, from 1; 0 if the code does not say
    bool operator==(const ResponseCode&) const = default;
};

/// Takes a code apart. Any 32 bits give an answer: the device chooses them.
/// Source: TPM 2.0 Library Part 2, "Response Code Formats".
ResponseCode decodeResponseCode(std::uint32_t code) noexcept;

/// English, for logs: "TPM_RC_INTEGRITY, parameter 1 (0x000001DF)".
std::string responseCodeText(std::uint32_t code);

/// True for codes that say "not now", so that the same command is sent again: RETRY, YIELDED, TESTING, CANCELED,
/// NV_RATE and NV_UNAVAILABLE. The TPM has done nothing when it answers with one of them.
bool asksForRetry(std::uint32_t code) noexcept;

/// True for codes that say that an object or a session of the command is not loaded (TPM_RC_REFERENCE_H0 to S6): they
/// judge nothing that the command carries.
bool saysNotLoaded(std::uint32_t code) noexcept;

} // namespace enroll::tpm

#pragma once

#include "core/enrollment/people.h"

namespace enroll::enrollment {

// The PIN of a person: what the badge alone does not prove, because a badge can be found.

inline constexpr std::size_t kShortestPin = 4;
inline constexpr std::size_t kLongestPin = 8;

enum class PinFault {
    Length,  ///< fewer or more than kShortestPin to kLongestPin characters
    Digits,  ///< not digits alone
    Obvious, ///< "0000", "1234", "8642", "1212": what is tried first
};
/// What keeps \p pin from being one; none: it can be one. Obvious is a PIN whose digits go on by one step, which may be
/// none, and one that repeats a part of itself.
std::optional<PinFault> faultOfPin(ByteView pin) noexcept;

/// What is kept of \p pin, by a salt of its own: one that two people share shows in no file.
/// \par Errors   S-340. Blocks for a tenth of a second
Result<SecretHash> hashForPin(const SecretBytes& pin);

/// Whether \p pin is the one of \p person, who has one.
/// \par Errors   S-340. Blocks for a tenth of a second; no GUI thread
Result<bool> isPinOf(const SecretBytes& pin, const Person& person);

} // namespace enroll::enrollment

#pragma once

#include <cstdint>
#include <string>

namespace enroll::attestation {

/// How a TPM stands at this moment: who has set a password, what is switched off, how near it is to lockout.
/// Source: TPM 2.0 Library Part 2, "TPMA_PERMANENT", "TPMA_STARTUP_CLEAR" and "TPM_PT" (variable properties).
struct TpmState {
    bool ownerPassword = false;
    bool endorsementPassword = false;
    bool lockoutPassword = false;
    bool lockedOut = false;
    bool seedMadeByTpm = false; ///< the endorsement seed is not its maker's: no certificate of the maker fits its keys
    bool storageHierarchyOff = false;
    bool endorsementHierarchyOff = false;
    std::uint32_t failedTries = 0;  ///< authorisations that count towards lockout
    std::uint32_t triesAllowed = 0; ///< so many of them lock the TPM out; 0: the TPM does not say
    bool operator==(const TpmState&) const = default;
};

/// True if a TPM that stood as \p before can stand as \p now by itself: all is the same, but for failed tries, which time
/// forgives, and with them the lockout. Anything else was altered on the way, or by somebody in between.
/// Source: TPM 2.0 Library Part 1, "Dictionary Attack Protection", "Recovery".
bool canHaveBecome(const TpmState& before, const TpmState& now);

/// "the owner and the endorsement hierarchy"; empty if none of the three has a password.
std::string passwordHolders(const TpmState& state);

} // namespace enroll::attestation

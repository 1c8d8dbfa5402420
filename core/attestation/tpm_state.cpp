#include "core/attestation/tpm_state.h"

namespace enroll::attestation {

bool canHaveBecome(const TpmState& before, const TpmState& now)
{
    auto forgiven = before;
    if (now.failedTries < before.failedTries) {
        forgiven.failedTries = now.failedTries;
        forgiven.lockedOut = before.lockedOut && now.lockedOut;
    }
    return now == forgiven;
}

std::string passwordHolders(const TpmState& state)
{
    std::string holders;
    const auto add = [&holders](bool set, const char* name) {
        if (set) {
            holders += (holders.empty() ? "" : " and ") + std::string{name};
        }
    };
    add(state.ownerPassword, "the owner hierarchy");
    add(state.endorsementPassword, "the endorsement hierarchy");
    add(state.lockoutPassword, "the lockout hierarchy");
    return holders;
}

} // namespace enroll::attestation

#include "core/attestation/tpm_state.h"

namespace enroll::attestation {

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

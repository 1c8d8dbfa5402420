#pragma once

#include "core/attestation/tpm_state.h"
#include "core/tpm/tpm_object.h"

namespace enroll::tpm {

/// The authorisation of an endorsement key in TPM2_ActivateCredential, which uses it in the USER role.
///
/// By a policy session wherever one will do: low-range templates (L-1, L-2) leave userWithAuth clear, and a policy never
/// counts as a try. By the empty password where the key has userWithAuth and the endorsement hierarchy a password, or the
/// key has a policy that the TCG profile does not know.
/// \par Source   TCG EK Credential Profile, "PolicyA", "PolicyB", "PolicyC"
class KeyAuthorization {
public:
    /// \par Errors   D-112 (the endorsement hierarchy has a password, and only the policy authorises), those of
    ///               requirePasswordIsFree(); D-135 (only a policy that no TCG profile knows authorises the persistent
    ///               \p key), D-113 (the same of one that the TPM made)
    static Result<KeyAuthorization> open(EsysContext& context, const TpmObject& key,
                                         const attestation::TpmState& state);

    [[nodiscard]] ESYS_TR session() const noexcept { return m_policy.held() ? m_policy.get() : ESYS_TR_PASSWORD; }
    [[nodiscard]] bool byPolicy() const noexcept { return m_policy.held(); }
    /// Has the TPM close the policy session with the command that it authorises, which saves a flush.
    Result<void> closeWithCommand(EsysContext& context);
    /// The command succeeded.
    Result<void> closed() { return m_policy.closedByTpm(); }

private:
    TransientHandle m_policy; ///< holds none where the password is used
};

/// Error D-118 where the empty password of \p key must not be tried: the key is under protection against guessing (its
/// noDA is clear), and the TPM has counted a try. If the key has a password, each run would use one more, until the TPM is
/// locked out. Where it may be tried, the use is noted (EsysContext::noteProtectedUse()).
Result<void> requirePasswordIsFree(EsysContext& context, const TPM2B_PUBLIC& key, const attestation::TpmState& state,
                                   std::string_view what);

} // namespace enroll::tpm

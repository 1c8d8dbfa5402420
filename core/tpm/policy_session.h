#pragma once

#include "core/tpm/transient_handle.h"

namespace enroll::tpm {

/// A policy session that satisfies the policy of endorsement keys, PolicySecret(TPM_RH_ENDORSEMENT), for one use.
class PolicySession {
public:
    /// \param hash   name algorithm of the key whose policy is to be met, TPM2_ALG_SHA256 for the low-range templates
    /// \par Errors   D-112 (the endorsement hierarchy has a password), D-111, D-118 and the common ones
    /// \par Source   TCG EK Credential Profile, "PolicyA"
    static Result<PolicySession> forEndorsement(EsysContext& context, TPMI_ALG_HASH hash);

    [[nodiscard]] ESYS_TR get() const noexcept { return m_session.get(); }
    Result<void> release() { return m_session.release(); }

private:
    explicit PolicySession(TransientHandle session) noexcept : m_session(std::move(session)) {}
    TransientHandle m_session;
};

} // namespace enroll::tpm

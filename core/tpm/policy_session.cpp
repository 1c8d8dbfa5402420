#include "core/tpm/policy_session.h"

namespace enroll::tpm {

Result<PolicySession> PolicySession::forEndorsement(EsysContext& context, TPMI_ALG_HASH hash)
{
    const TPMT_SYM_DEF noEncryption{.algorithm = TPM2_ALG_NULL, .keyBits = {}, .mode = {}};
    ESYS_TR handle = ESYS_TR_NONE;
    const auto started = Esys_StartAuthSession(context.get(), ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
                                               ESYS_TR_NONE, nullptr, TPM2_SE_POLICY, &noEncryption, hash, &handle);
    TRY(context.check(started, "TPM2_StartAuthSession"));
    PolicySession session{TransientHandle{context, handle, OnRelease::Flush}};

    // A password session, not an HMAC session: SLB 9670 firmware 7.40 goes into failure mode on the latter.
    const auto satisfied =
        Esys_PolicySecret(context.get(), ESYS_TR_RH_ENDORSEMENT, handle, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE,
                          nullptr, nullptr, nullptr, 0, nullptr, nullptr);
    TRY(context.check(satisfied, "TPM2_PolicySecret"));
    return session;
}

} // namespace enroll::tpm

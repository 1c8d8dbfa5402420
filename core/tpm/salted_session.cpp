#include "core/tpm/salted_session.h"

#include "core/base/device_code.h"
#include "core/base/recoded.h"
#include "core/tpm/refused_secret.h"
#include "core/tpm/response_code.h"

namespace enroll::tpm {
namespace {

constexpr TPMA_SESSION kUses = TPMA_SESSION_ENCRYPT | TPMA_SESSION_AUDIT;

} // namespace

Result<SaltedSession> SaltedSession::open(EsysContext& context, const TpmObject& endorsementKey)
{
    const TPMT_SYM_DEF aes128Cfb{.algorithm = TPM2_ALG_AES, .keyBits = {.aes = 128}, .mode = {.aes = TPM2_ALG_CFB}};
    ESYS_TR handle = ESYS_TR_NONE;
    const auto started =
        Esys_StartAuthSession(context.get(), endorsementKey.handle.get(), ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
                              ESYS_TR_NONE, nullptr, TPM2_SE_HMAC, &aes128Cfb, TPM2_ALG_SHA256, &handle);
    if (started != TSS2_RC_SUCCESS) {
        return refusalOfSecret(context, context.errorOf(started, "TPM2_StartAuthSession"), started);
    }
    return SaltedSession{context, TransientHandle{context, handle, OnRelease::Flush}};
}

Result<ESYS_TR> SaltedSession::with(TPMA_SESSION attribute)
{
    const auto set = Esys_TRSess_SetAttributes(m_context->get(), m_handle.get(), attribute, kUses);
    TRY(m_context->check(set, "Esys_TRSess_SetAttributes"));
    return m_handle.get();
}

Result<ESYS_TR> SaltedSession::encrypting()
{
    return with(TPMA_SESSION_ENCRYPT);
}

Result<ESYS_TR> SaltedSession::auditing()
{
    return with(TPMA_SESSION_AUDIT);
}

Result<void> checkInSession(EsysContext& context, TSS2_RC code, std::string_view operation, unsigned position)
{
    auto checked = context.check(code, operation);
    const auto refusal = decodeResponseCode(code);
    const bool byTpm = refusal.about == ResponseCode::About::Session && refusal.index == position && position != 0;
    return byTpm || code == TSS2_ESYS_RC_RSP_AUTH_FAILED ? recoded(std::move(checked), DeviceCode::AnswersChanged)
                                                         : checked;
}

} // namespace enroll::tpm

#include "core/tpm/esys_context.h"

#include "core/tpm/response_code.h"
#include "core/tpm/tpm_error.h"

namespace enroll::tpm {

EsysContext::EsysContext(std::unique_ptr<TpmExchange> exchange) : m_exchange(std::move(exchange)), m_tcti(*m_exchange)
{}

Result<std::unique_ptr<EsysContext>> EsysContext::create(std::unique_ptr<TpmExchange> exchange)
{
    std::unique_ptr<EsysContext> made{new EsysContext{std::move(exchange)}};
    ESYS_CONTEXT* esys = nullptr;
    const auto code = Esys_Initialize(&esys, made->m_tcti.context(), nullptr);
    made->m_esys.reset(esys);
    if (code != TSS2_RC_SUCCESS) {
        return tpmError(code, "Esys_Initialize");
    }
    return made;
}

Error EsysContext::errorOf(TSS2_RC code, std::string_view operation)
{
    const auto& own = m_exchange->lastError();
    m_lostTrack = m_lostTrack || isOfTheLibrary(code);
    return own ? *own : tpmError(code, std::string{operation});
}

Result<void> EsysContext::check(TSS2_RC code, std::string_view operation)
{
    if (code != TSS2_RC_SUCCESS) {
        return errorOf(code, operation);
    }
    return {};
}

Result<void> EsysContext::flush(ESYS_TR handle)
{
    auto flushed = check(Esys_FlushContext(get(), handle), "TPM2_FlushContext");
    m_lostTrack = m_lostTrack || !flushed.ok();
    return flushed;
}

bool EsysContext::mayLeaveLoaded() const noexcept
{
    return m_exchange->mayHaveLoaded() && (m_exchange->broken() || m_lostTrack);
}

bool hasResponseCode(const Error& error, std::uint32_t number) noexcept
{
    const auto* code = std::get_if<TssCode>(&error.source);
    return code != nullptr && decodeResponseCode(code->value).number == number;
}

} // namespace enroll::tpm

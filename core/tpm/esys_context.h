#pragma once

#include "core/tpm/esys_ptr.h"
#include "core/tpm/tcti.h"

namespace enroll::tpm {

/// An ESYS context on one exchange. One thread.
class EsysContext {
public:
    /// Sends nothing yet. Error S-399 if the library refuses.
    static Result<std::unique_ptr<EsysContext>> create(std::unique_ptr<TpmExchange> exchange);

    ESYS_CONTEXT* get() noexcept { return m_esys.get(); }
    TpmExchange& exchange() noexcept { return *m_exchange; }

    /// The Error of an ESYS call that returned \p code: the exchange's own if it refused or broke, for ESYS knows less.
    [[nodiscard]] Error errorOf(TSS2_RC code, std::string_view operation) const;
    /// Nothing if \p code is success, otherwise errorOf().
    [[nodiscard]] Result<void> check(TSS2_RC code, std::string_view operation) const;

private:
    explicit EsysContext(std::unique_ptr<TpmExchange> exchange);

    std::unique_ptr<TpmExchange> m_exchange;
    Tcti m_tcti;
    EsysContextPtr m_esys; // last: destroyed before the TCTI it calls
};

/// True if \p error carries the TPM's code \p number (one of response_code_table.h).
bool hasResponseCode(const Error& error, std::uint32_t number) noexcept;

} // namespace enroll::tpm

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
    [[nodiscard]] Error errorOf(TSS2_RC code, std::string_view operation);
    /// Nothing if \p code is success, otherwise errorOf().
    [[nodiscard]] Result<void> check(TSS2_RC code, std::string_view operation);

    /// Flushes one object or session, of which \p handle must not be used again.
    [[nodiscard]] Result<void> flush(ESYS_TR handle);
    /// True if something that was loaded may stay in the TPM unless it is flushed over another connection: the line
    /// broke, or a flush failed, or the library gave up. A response whose frame is sound but whose content is not
    /// leaves ESYS in a state in which every later call is a bad sequence, also a flush, and nothing reaches the line.
    [[nodiscard]] bool mayLeaveLoaded() const noexcept;

private:
    explicit EsysContext(std::unique_ptr<TpmExchange> exchange);

    std::unique_ptr<TpmExchange> m_exchange;
    Tcti m_tcti;
    bool m_lostTrack = false; ///< the library gave up, or a flush failed
    EsysContextPtr m_esys;    // last: destroyed before the TCTI it calls
};

/// True if \p error carries the TPM's code \p number (one of response_code_table.h).
bool hasResponseCode(const Error& error, std::uint32_t number) noexcept;

} // namespace enroll::tpm

#pragma once

#include "core/attestation/handle_range.h"
#include "core/tpm/esys_ptr.h"
#include "core/tpm/tcti.h"

#include <map>
#include <set>
#include <vector>

namespace enroll::tpm {

/// What the TPM was heard to say in the clear of its persistent handles. A handle may be in both: then one was a lie.
struct HandlesAsSaid {
    struct List {
        attestation::HandleRange range;
        std::vector<TPM2_HANDLE> handles; ///< all that lies in the range
    };
    std::set<TPM2_HANDLE> free;
    std::set<TPM2_HANDLE> taken;
    std::vector<List> lists = {};
};

/// An ESYS context (tpm2-tss) over one TpmExchange. ESYS is not thread-safe: one context, one thread.
class EsysContext {
public:
    /// Sends nothing yet. Error S-399 if the library refuses.
    static Result<std::unique_ptr<EsysContext>> create(std::unique_ptr<TpmExchange> exchange);

    ESYS_CONTEXT* get() noexcept { return m_esys.get(); }
    TpmExchange& exchange() noexcept { return *m_exchange; }

    /// The Error of an ESYS call that returned \p code other than success. If the exchange refused the command or
    /// broke, its own error is returned: ESYS only sees an input/output error or TPM_RC_CANCELED.
    [[nodiscard]] Error errorOf(TSS2_RC code, std::string_view operation);
    /// Nothing if \p code is success, otherwise errorOf().
    [[nodiscard]] Result<void> check(TSS2_RC code, std::string_view operation);

    /// TPM2_FlushContext on one object or session; \p handle must not be used again, whatever the result.
    [[nodiscard]] Result<void> flush(ESYS_TR handle);
    /// True if an object or session may still be loaded in the TPM and this context can no longer flush it.
    ///
    /// That is so when the exchange is broken, when a flush failed, and when ESYS returned an error of its own. ESYS
    /// does that on a response whose frame is sound but whose content is not; afterwards each of its calls, a flush
    /// included, fails with "bad sequence" before a byte is sent. The remedy is a second connection: flushAllBut().
    [[nodiscard]] bool mayLeaveLoaded() const noexcept;

    /// What ESYS gave out of an NV index that was opened before (Esys_TR_Serialize), by its handle: its public area need
    /// not be asked for twice.
    [[nodiscard]] std::map<TPM2_HANDLE, Bytes>& openedIndices() noexcept { return m_openedIndices; }

    /// What has to be confirmed in a session before anybody goes by it: listPersistentObjects().
    [[nodiscard]] HandlesAsSaid& handlesAsSaid() noexcept { return m_handlesAsSaid; }

    /// An object under protection against guessing is about to be authorised: see endOrderly().
    void noteProtectedUse() noexcept { m_usedProtected = true; }
    [[nodiscard]] bool usedProtected() const noexcept { return m_usedProtected; }

private:
    explicit EsysContext(std::unique_ptr<TpmExchange> exchange);

    std::unique_ptr<TpmExchange> m_exchange;
    Tcti m_tcti;
    std::map<TPM2_HANDLE, Bytes> m_openedIndices;
    HandlesAsSaid m_handlesAsSaid;
    bool m_usedProtected = false;
    bool m_lostTrack = false; ///< ESYS returned an error of its own, or a flush failed
    EsysContextPtr m_esys;    // last: destroyed before the TCTI it calls
};

/// True if \p error carries the TPM's code \p number (one of response_code_table.h).
bool hasResponseCode(const Error& error, std::uint32_t number) noexcept;

} // namespace enroll::tpm

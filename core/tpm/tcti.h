#pragma once

#include "core/tpm/tpm_exchange.h"

#include <tss2/tss2_tcti.h>

namespace enroll::tpm {

/// The TCTI (command transmission interface) that ESYS calls, over a TpmExchange in this process.
///
/// The TCTIs of tpm2-tss are not used: they wait without a deadline, trust sizes that the device states, and load
/// libraries or run commands named in a configuration text.
///
/// Calls: transmit, then receive; receive may first be called without a buffer to learn the size. The exchange bounds
/// the wait by the command's own deadline, so only TSS2_TCTI_TIMEOUT_BLOCK is accepted. If the exchange refuses a
/// command but is not broken (a stop was asked, the TPM stays busy), ESYS is handed the response TPM_RC_CANCELED: after
/// a TPM's refusal ESYS can still flush, after an input/output error it could not. The true reason is the exchange's
/// lastError().
///
/// Frames may carry secrets: the credential that a TPM gives out, the key that it is to import. Each frame is wiped
/// when it was handed on, when another takes its place, and at the end. Not wiped are a response that the exchange
/// refuses, the copy in ESYS' own buffer, which the next command overwrites, and copies in the kernel.
///
/// \par Source   TSS 2.0 TPM Command Transmission Interface (TCTI) API, "TCTI Context"
class Tcti {
public:
    explicit Tcti(TpmExchange& exchange) noexcept;
    Tcti(const Tcti&) = delete;
    Tcti& operator=(const Tcti&) = delete;
    ~Tcti();

    /// Valid as long as this object; Tss2_Tcti_Finalize() on it does nothing.
    TSS2_TCTI_CONTEXT* context() noexcept { return reinterpret_cast<TSS2_TCTI_CONTEXT*>(&m_abi); }

private:
    /// What ESYS is given: the C structure of function pointers, and behind it the way back to this object.
    struct Abi {
        TSS2_TCTI_CONTEXT_COMMON_V2 common;
        Tcti* self;
    };
    enum class State { Ready, Sent, Received };

    static Tcti* from(TSS2_TCTI_CONTEXT* context) noexcept;
    static TSS2_RC onTransmit(TSS2_TCTI_CONTEXT* context, size_t size, const uint8_t* command);
    static TSS2_RC onReceive(TSS2_TCTI_CONTEXT* context, size_t* size, uint8_t* response, int32_t timeout);

    TSS2_RC transmit(ByteView command);
    TSS2_RC receive(size_t& size, uint8_t* response);
    TSS2_RC exchangeFrames();
    void replaceFrame(Bytes frame) noexcept;

    Abi m_abi;
    TpmExchange& m_exchange;
    State m_state = State::Ready;
    Bytes m_frame; ///< the command while Sent, the response while Received
};

} // namespace enroll::tpm

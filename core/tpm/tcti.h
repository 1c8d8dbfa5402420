#pragma once

#include "core/tpm/tpm_exchange.h"

#include <tss2/tss2_tcti.h>

namespace enroll::tpm {

/// The transmission interface that ESYS calls, over a TpmExchange, in this process: nothing is loaded by name, and no
/// text from outside configures it.
///
/// A state machine: transmit, then receive, which may first be called without a buffer to learn the size. The wait is
/// bounded by the command's own deadline, so only TSS2_TCTI_TIMEOUT_BLOCK is taken. If the exchange refuses a command
/// but is not broken (a stop was asked, the TPM stays busy), ESYS is handed TPM_RC_CANCELED, after which it can still
/// flush; the true reason is lastError() of the exchange.
///
/// Frames may carry secrets: the credential that a TPM gives out, the key that it is to import. Each is wiped as soon
/// as it was handed on, when another takes its place and at the end. Not reached are a response that is refused, the
/// copy in the library's own buffer, which the next command overwrites and which is freed unwiped, and those of the
/// kernel. Source: TSS 2.0 TPM Command Transmission Interface (TCTI) API, "TCTI Context".
class Tcti {
public:
    explicit Tcti(TpmExchange& exchange) noexcept;
    Tcti(const Tcti&) = delete;
    Tcti& operator=(const Tcti&) = delete;
    ~Tcti();

    /// Valid as long as this object; Tss2_Tcti_Finalize() on it does nothing.
    TSS2_TCTI_CONTEXT* context() noexcept { return reinterpret_cast<TSS2_TCTI_CONTEXT*>(&m_abi); }

private:
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

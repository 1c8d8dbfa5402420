#include "core/tpm/tcti.h"

#include "core/base/secret_bytes.h"
#include "core/tpm/response_code_table.h"

#include <algorithm>

namespace enroll::tpm {
namespace {

constexpr uint64_t kMagic = 0x454E524F4C4C4354; // any value that is not another TCTI's
constexpr uint32_t kVersion = 2;

Bytes cancelledFrame()
{
    ByteWriter writer;
    writer.u16(kTagNoSessions).u32(kHeaderSize).u32(rc::kCanceled);
    return std::move(writer).take();
}

void finalizeNothing(TSS2_TCTI_CONTEXT* /*context*/) {}

// ESYS' synchronous calls use none of the next four. A stop reaches the exchange by another way (StopSignal).
TSS2_RC cancelNotImplemented(TSS2_TCTI_CONTEXT* /*context*/)
{
    return TSS2_TCTI_RC_NOT_IMPLEMENTED;
}

TSS2_RC pollHandlesNotImplemented(TSS2_TCTI_CONTEXT* /*context*/, TSS2_TCTI_POLL_HANDLE* /*handles*/, size_t* /*count*/)
{
    return TSS2_TCTI_RC_NOT_IMPLEMENTED;
}

TSS2_RC localityNotImplemented(TSS2_TCTI_CONTEXT* /*context*/, uint8_t /*locality*/)
{
    return TSS2_TCTI_RC_NOT_IMPLEMENTED;
}

TSS2_RC stickyNotImplemented(TSS2_TCTI_CONTEXT* /*context*/, TPM2_HANDLE* /*handle*/, uint8_t /*sticky*/)
{
    return TSS2_TCTI_RC_NOT_IMPLEMENTED;
}

} // namespace

Tcti::Tcti(TpmExchange& exchange) noexcept : m_abi{}, m_exchange(exchange)
{
    m_abi.self = this;
    auto& v1 = m_abi.common.v1;
    v1.magic = kMagic;
    v1.version = kVersion;
    v1.transmit = &Tcti::onTransmit;
    v1.receive = &Tcti::onReceive;
    v1.finalize = &finalizeNothing;
    v1.cancel = &cancelNotImplemented;
    v1.getPollHandles = &pollHandlesNotImplemented;
    v1.setLocality = &localityNotImplemented;
    m_abi.common.makeSticky = &stickyNotImplemented;
}

Tcti::~Tcti()
{
    wipeMemory(m_frame);
}

/// The object behind the C structure, or null if the pointer is not one that context() gave out.
Tcti* Tcti::from(TSS2_TCTI_CONTEXT* context) noexcept
{
    const auto* abi = reinterpret_cast<const Abi*>(context);
    return abi != nullptr && abi->common.v1.magic == kMagic ? abi->self : nullptr;
}

TSS2_RC Tcti::onTransmit(TSS2_TCTI_CONTEXT* context, size_t size, const uint8_t* command)
{
    auto* self = from(context);
    if (self == nullptr) {
        return TSS2_TCTI_RC_BAD_CONTEXT;
    }
    return command == nullptr ? TSS2_TCTI_RC_BAD_REFERENCE : self->transmit(std::as_bytes(std::span{command, size}));
}

TSS2_RC Tcti::onReceive(TSS2_TCTI_CONTEXT* context, size_t* size, uint8_t* response, int32_t timeout)
{
    auto* self = from(context);
    if (self == nullptr) {
        return TSS2_TCTI_RC_BAD_CONTEXT;
    }
    if (size == nullptr) {
        return TSS2_TCTI_RC_BAD_REFERENCE;
    }
    return timeout == TSS2_TCTI_TIMEOUT_BLOCK ? self->receive(*size, response) : TSS2_TCTI_RC_BAD_VALUE;
}

TSS2_RC Tcti::transmit(ByteView command)
{
    if (m_state != State::Ready) {
        return TSS2_TCTI_RC_BAD_SEQUENCE;
    }
    replaceFrame(toBytes(command)); // sent by receive(): ESYS' synchronous calls make one right after the other
    m_state = State::Sent;
    return TSS2_RC_SUCCESS;
}

TSS2_RC Tcti::receive(size_t& size, uint8_t* response)
{
    if (m_state == State::Ready) {
        return TSS2_TCTI_RC_BAD_SEQUENCE;
    }
    if (m_state == State::Sent) {
        if (const auto code = exchangeFrames(); code != TSS2_RC_SUCCESS) {
            return code;
        }
    }
    // A call without a buffer, or with one that is too small, learns the size and leaves the response to be fetched
    // again.
    const auto given = std::exchange(size, m_frame.size());
    if (response == nullptr) {
        return TSS2_RC_SUCCESS;
    }
    if (given < m_frame.size()) {
        return TSS2_TCTI_RC_INSUFFICIENT_BUFFER;
    }
    std::copy_n(u8(ByteView{m_frame}), m_frame.size(), response);
    replaceFrame({});
    m_state = State::Ready;
    return TSS2_RC_SUCCESS;
}

/// Runs the command. An exchange that is broken is an input/output error to ESYS. If it only refused the command, ESYS
/// gets the response TPM_RC_CANCELED, a refusal of the TPM, after which it accepts further calls: the flushes.
TSS2_RC Tcti::exchangeFrames()
{
    auto response = m_exchange.run(m_frame);
    if (!response && m_exchange.broken()) {
        m_state = State::Ready;
        return TSS2_TCTI_RC_IO_ERROR;
    }
    replaceFrame(response ? std::move(response).value() : cancelledFrame());
    m_state = State::Received;
    return TSS2_RC_SUCCESS;
}

void Tcti::replaceFrame(Bytes frame) noexcept
{
    wipeMemory(m_frame);
    m_frame = std::move(frame);
}

} // namespace enroll::tpm

#pragma once

#include "core/tpm/esys_context.h"

#include <optional>
#include <utility>

namespace enroll::tpm {

enum class OnRelease {
    Flush, ///< transient objects and sessions: the TPM forgets them
    Close, ///< persistent objects: only the library forgets them
};

/// Owns an ESYS reference to an object, a session or an NV index, and releases it on every path. Move-only; it must not
/// outlive its context, and is used on the context's thread.
class TransientHandle {
public:
    TransientHandle() = default;
    TransientHandle(EsysContext& context, ESYS_TR handle, OnRelease onRelease) noexcept
        : m_context(&context), m_handle(handle), m_onRelease(onRelease)
    {}
    TransientHandle(TransientHandle&& other) noexcept
        : m_context(other.m_context), m_handle(std::exchange(other.m_handle, ESYS_TR_NONE)),
          m_onRelease(other.m_onRelease)
    {}
    TransientHandle& operator=(TransientHandle&& other) noexcept;
    TransientHandle(const TransientHandle&) = delete;
    TransientHandle& operator=(const TransientHandle&) = delete;
    ~TransientHandle();

    [[nodiscard]] ESYS_TR get() const noexcept { return m_handle; }
    [[nodiscard]] OnRelease onRelease() const noexcept { return m_onRelease; }
    [[nodiscard]] bool held() const noexcept { return m_handle != ESYS_TR_NONE; }
    /// The TPM's own number for it; absent if nothing is held.
    [[nodiscard]] std::optional<TPM2_HANDLE> tpmHandle() const noexcept;

    /// Flushes or closes now; a second call does nothing. After an error the handle is not tried again:
    /// EsysContext::mayLeaveLoaded() is true then.
    Result<void> release();
    /// The TPM has flushed it by itself, as it does with a session whose continueSession was clear in a command that
    /// succeeded: only the library is told.
    Result<void> closedByTpm();

private:
    EsysContext* m_context = nullptr;
    ESYS_TR m_handle = ESYS_TR_NONE;
    OnRelease m_onRelease = OnRelease::Flush;
};

} // namespace enroll::tpm

#include "core/tpm/transient_handle.h"

namespace enroll::tpm {

TransientHandle& TransientHandle::operator=(TransientHandle&& other) noexcept
{
    std::swap(m_context, other.m_context); // what was held here is released by the destructor of the other
    std::swap(m_handle, other.m_handle);
    std::swap(m_onRelease, other.m_onRelease);
    return *this;
}

TransientHandle::~TransientHandle()
{
    // The context remembers a failure (mayLeaveLoaded()); what stayed in the TPM is flushed over a second connection.
    [[maybe_unused]] const auto released = release();
}

std::optional<TPM2_HANDLE> TransientHandle::tpmHandle() const noexcept
{
    TPM2_HANDLE handle = 0;
    const bool known = held() && Esys_TR_GetTpmHandle(m_context->get(), m_handle, &handle) == TSS2_RC_SUCCESS;
    return known ? std::optional{handle} : std::nullopt;
}

Result<void> TransientHandle::release()
{
    if (!held()) {
        return {};
    }
    auto handle = std::exchange(m_handle, ESYS_TR_NONE);
    if (m_onRelease == OnRelease::Close) {
        return m_context->check(Esys_TR_Close(m_context->get(), &handle), "Esys_TR_Close");
    }
    return m_context->flush(handle);
}

Result<void> TransientHandle::closedByTpm()
{
    m_onRelease = OnRelease::Close;
    return release();
}

} // namespace enroll::tpm

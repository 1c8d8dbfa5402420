#include "core/tpm/transient_handle.h"

namespace enroll::tpm {

TransientHandle& TransientHandle::operator=(TransientHandle&& other) noexcept
{
    std::swap(m_context, other.m_context); // the other, about to end, releases what was held here
    std::swap(m_handle, other.m_handle);
    std::swap(m_onRelease, other.m_onRelease);
    return *this;
}

TransientHandle::~TransientHandle()
{
    // A failure is not lost: the context remembers it, and what stayed is flushed over a fresh connection.
    [[maybe_unused]] const auto released = release();
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

} // namespace enroll::tpm

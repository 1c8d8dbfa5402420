#include "core/system/descriptor.h"

#include <unistd.h>

namespace enroll::system {

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept
{
    std::swap(m_fd, other.m_fd); // the other's destructor closes the old one
    return *this;
}

Descriptor::~Descriptor()
{
    if (m_fd >= 0) {
        ::close(m_fd);
    }
}

} // namespace enroll::system

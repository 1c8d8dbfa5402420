#include "core/base/secret_bytes.h"

#include <cstring>

namespace enroll {

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept
{
    if (this != &other) {
        wipe();
        m_bytes = std::move(other.m_bytes);
        other.m_bytes.clear();
    }
    return *this;
}

void SecretBytes::wipe() noexcept
{
    wipeMemory(m_bytes);
    m_bytes.clear();
}

void wipeMemory(std::span<std::byte> memory) noexcept
{
    if (!memory.empty()) {
        explicit_bzero(memory.data(), memory.size());
    }
}

bool equalInConstantTime(ByteView left, ByteView right) noexcept
{
    if (left.size() != right.size()) {
        return false;
    }
    auto difference = std::byte{0};
    for (std::size_t i = 0; i < left.size(); ++i) {
        difference |= left[i] ^ right[i];
    }
    return difference == std::byte{0};
}

} // namespace enroll

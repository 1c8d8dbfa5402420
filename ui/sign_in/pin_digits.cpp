#include "ui/sign_in/pin_digits.h"

#include <algorithm>

namespace enroll::ui {

bool PinDigits::add(char digit) noexcept
{
    if (m_size == m_digits.size()) {
        return false;
    }
    m_digits[m_size++] = static_cast<std::byte>(digit);
    return true;
}

void PinDigits::cutTo(std::size_t size) noexcept
{
    m_size = std::min(size, m_size);
    wipeMemory(std::span{m_digits}.subspan(m_size));
}

SecretBytes PinDigits::take()
{
    auto digits = SecretBytes::copyOf(std::span{m_digits}.first(m_size));
    cutTo(0);
    return digits;
}

} // namespace enroll::ui

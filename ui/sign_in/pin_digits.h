#pragma once

#include "core/base/secret_bytes.h"
#include "core/enrollment/pin.h"

#include <array>

namespace enroll::ui {

/// The digits of a PIN while it is entered. They stand nowhere else, and are wiped as soon as they are not needed.
class PinDigits {
public:
    PinDigits() = default;
    PinDigits(const PinDigits&) = delete;
    PinDigits& operator=(const PinDigits&) = delete;
    ~PinDigits() { cutTo(0); }

    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    [[nodiscard]] bool isLongEnough() const noexcept { return m_size >= enrollment::kShortestPin; }
    /// False, and nothing is added, if there is no room for another one.
    bool add(char digit) noexcept;
    /// Wipes all but the first \p size.
    void cutTo(std::size_t size) noexcept;
    /// None are left here.
    [[nodiscard]] SecretBytes take();

private:
    std::array<std::byte, enrollment::kLongestPin> m_digits{};
    std::size_t m_size = 0;
};

} // namespace enroll::ui

#pragma once

#include "core/base/result.h"
#include "core/enrollment/ids.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace enroll::enrollment {

/// What a TextPattern can say of one device.
struct DeviceWords {
    SerialNumber serialNumber;
    RegistrationId registrationId;
    BatchId batch;
};

/// The words that stand for something of the device. "{serial}", "{registration_id}", "{batch}".
enum class Placeholder { Serial, Registration, Batch };

/// A text with places for what differs from device to device: "GX-{serial}". "{{" and "}}" stand for a brace.
class TextPattern {
public:
    /// The empty text.
    TextPattern() = default;

    /// \par Errors   S-330: a brace without its other half, or a word in braces that stands for nothing. The message
    ///               continues the name of the setting: "has \"{seriel}\"…"
    static Result<TextPattern> parse(std::string text);

    [[nodiscard]] std::string textFor(const DeviceWords& words) const;
    /// The bytes of the longest text that any device can get.
    [[nodiscard]] std::size_t longest() const noexcept;
    [[nodiscard]] bool has(Placeholder placeholder) const noexcept;
    [[nodiscard]] bool empty() const noexcept { return m_text.empty(); }
    /// As it was written.
    [[nodiscard]] const std::string& text() const noexcept { return m_text; }

    friend bool operator==(const TextPattern& left, const TextPattern& right) noexcept
    {
        return left.m_text == right.m_text;
    }

private:
    std::string m_text;
    std::vector<std::variant<std::string, Placeholder>> m_parts;
};

} // namespace enroll::enrollment

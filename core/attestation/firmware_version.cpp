#include "core/attestation/firmware_version.h"

#include <charconv>

namespace enroll::attestation {

std::optional<FirmwareVersion> firmwareVersion(std::string_view text)
{
    FirmwareVersion version{};
    const auto* at = text.data();
    const auto* const end = text.data() + text.size();
    for (auto& number : version) {
        const auto [behind, fault] = std::from_chars(at, end, number);
        if (fault != std::errc{}) {
            return std::nullopt;
        }
        if (behind == end) {
            return version;
        }
        if (*behind != '.') {
            return std::nullopt;
        }
        at = behind + 1;
    }
    return std::nullopt; // a fifth number, or a dot behind the fourth
}

std::string firmwareText(const FirmwareVersion& version)
{
    auto count = version.size();
    while (count > 2 && version.at(count - 1) == 0) {
        --count;
    }
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += (i == 0 ? "" : ".") + std::to_string(version.at(i));
    }
    return text;
}

} // namespace enroll::attestation

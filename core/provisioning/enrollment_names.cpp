#include "core/provisioning/enrollment_names.h"

#include <algorithm>

namespace enroll::provisioning {
namespace {

constexpr std::size_t kLongestDeviceId = 128;
constexpr std::size_t kLongestHostName = 253;
constexpr std::size_t kLongestLabel = 63;
constexpr std::string_view kDeviceIdSigns{"-.%_#*?!(),:=@$'"};

bool isLetterOrDigit(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isLabel(std::string_view text) noexcept
{
    return !text.empty() && text.size() <= kLongestLabel && text.front() != '-' && text.back() != '-' &&
           std::ranges::all_of(text, [](char c) { return isLetterOrDigit(c) || c == '-'; });
}

ServiceError unusable(const char* member, const char* why)
{
    return {ServiceErrorCode::RequestMalformed, std::string{member} + ": " + why};
}

} // namespace

bool isDeviceId(std::string_view text) noexcept
{
    return !text.empty() && text.size() <= kLongestDeviceId && std::ranges::all_of(text, [](char c) {
        return isLetterOrDigit(c) || kDeviceIdSigns.find(c) != std::string_view::npos;
    });
}

bool isHostName(std::string_view text) noexcept
{
    if (text.size() > kLongestHostName) {
        return false;
    }
    auto dot = text.find('.');
    while (dot != std::string_view::npos) {
        if (!isLabel(text.substr(0, dot))) {
            return false;
        }
        text.remove_prefix(dot + 1);
        dot = text.find('.');
    }
    return isLabel(text);
}

ServiceResult<void> requireUsableNames(const IndividualEnrollment& enrollment)
{
    if (!enrollment.deviceId.empty() && !isDeviceId(enrollment.deviceId)) {
        return unusable("deviceId", "is not 1 to 128 letters, digits and -.%_#*?!(),:=@$'");
    }
    if (!std::ranges::all_of(enrollment.iotHubs, &isHostName)) {
        return unusable("iotHubs", "contains an entry that is not a host name");
    }
    if (!enrollment.iotHubHostName.empty() && !isHostName(enrollment.iotHubHostName)) {
        return unusable("iotHubHostName", "is not a host name");
    }
    return {};
}

} // namespace enroll::provisioning

#include "app/service/service_options.h"

#include "core/base/host_text.h"
#include "core/base/station_code.h"
#include "core/base/written_text.h"

#include <algorithm>

namespace enroll::app::service {
namespace {

constexpr std::size_t kLongestIdScope = 64;

Error invalid(const std::string& text, const char* why)
{
    return makeError(StationCode::UsageInvalid, quotedText(text) + ": " + why);
}

bool isLetterOrDigit(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

} // namespace

Result<void> requireIdScope(const std::string& text)
{
    if (text.empty() || text.size() > kLongestIdScope || !std::ranges::all_of(text, isLetterOrDigit)) {
        return invalid(text, "an id scope has 1 to 64 letters and digits");
    }
    return {};
}

Result<void> requireHubs(const std::vector<std::string>& hubs)
{
    for (const auto& hub : hubs) {
        if (!isHostName(hub)) {
            return invalid(hub, "a hub must be given by its host name");
        }
    }
    return {};
}

} // namespace enroll::app::service

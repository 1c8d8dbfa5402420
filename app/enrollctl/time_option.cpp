#include "app/enrollctl/time_option.h"

#include "core/base/station_code.h"

namespace enroll::app::enrollctl {

Result<std::optional<UtcTime>> timeOption(const char* option, const std::string& text)
{
    constexpr std::size_t kDateLength = 10;
    if (text.empty()) {
        return std::optional<UtcTime>{};
    }
    const auto time = fromIso8601(text.size() == kDateLength ? text + "T00:00:00Z" : text);
    if (!time.ok()) {
        return makeError(StationCode::UsageInvalid,
                         std::string{option} + " " + text + ": must be a UTC date or time like 2026-11-23T20:14:03Z");
    }
    return std::optional{*time};
}

} // namespace enroll::app::enrollctl

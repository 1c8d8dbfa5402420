#include "core/config/station_contradictions.h"

#include "core/base/station_code.h"

namespace enroll::config {
namespace {

/// Nobody could scan what the station asks for.
Result<void> requirePatterns(const StationConfig& config)
{
    using enrollment::CodeKind;
    struct Need {
        bool required;
        const char* key;
        CodeKind kind;
        std::string value = "true";
    };
    const auto minutes = config.security.lockAfterMinutes;
    for (const auto& need :
         {Need{config.requireOperator, "station.require_operator", CodeKind::Badge},
          Need{config.requireBatch, "station.require_batch", CodeKind::Batch},
          Need{config.security.requireSignIn, "security.require_sign_in", CodeKind::Badge},
          Need{minutes > 0, "security.lock_after_minutes", CodeKind::Badge, std::to_string(minutes)}}) {
        const auto* example =
            need.kind == CodeKind::Badge
                ? "a badge: say what theirs look like, such as patterns = { operator = \"^B[0-9]{5}$\" }"
                : "a work order: say what theirs look like, such as patterns = { batch = \"^WO-[0-9]{4}$\" }";
        if (need.required && !config.scanner.patterns.has(need.kind)) {
            return makeError(StationCode::ConfigurationInvalid, config.origins.at(need.key) + ": " + need.key + " is " +
                                                                    need.value + ", and scanner.patterns has no \"" +
                                                                    std::string{wordOf(need.kind)} +
                                                                    "\", so that no code is " + example);
        }
    }
    return {};
}

/// A prefix alone would pass for a whole code.
Result<void> requireMoreThanPrefix(const StationConfig& config)
{
    const auto& scanner = config.scanner;
    const auto& origin = config.origins.at("scanner.min_length");
    if (origin == kDefaultOrigin || scanner.end != enrollment::ScanEnd::Silence ||
        static_cast<std::size_t>(scanner.minLength) > scanner.prefix.size()) {
        return {};
    }
    return makeError(StationCode::ConfigurationInvalid,
                     origin + ": scanner.min_length is " + std::to_string(scanner.minLength) +
                         ", which scanner.prefix alone has, so that nothing is too short for a code: write more, or "
                         "leave the key out");
}

} // namespace

Result<void> requireNoContradiction(const StationConfig& config)
{
    TRY(requirePatterns(config));
    return requireMoreThanPrefix(config);
}

} // namespace enroll::config

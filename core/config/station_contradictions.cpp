#include "core/config/station_contradictions.h"

#include "core/base/station_code.h"
#include "core/transport/device_address.h"

#include <algorithm>
#include <array>

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

/// True if \p slot has a device that a station and an agent reach by their certificates.
bool needsAgentFiles(const SlotConfig& slot)
{
    const auto address = transport::parseDeviceAddress(slot.device);
    return address && std::holds_alternative<transport::TlsAddress>(*address);
}

/// The first of the keys of [agent] that is set, or that is not.
std::string firstAgentKey(const transport::AgentFiles& files, bool set)
{
    const std::array<std::pair<const char*, const std::filesystem::path*>, 3> keys{
        {{"agent.ca_file", &files.caFile},
         {"agent.certificate_file", &files.certificateFile},
         {"agent.key_file", &files.keyFile}}};
    const auto* found = std::ranges::find_if(keys, [set](const auto& key) { return key.second->empty() != set; });
    return found->first;
}

/// All three files of [agent] or none, and not none where a slot's device is at tls://.
Result<void> requireAgentFiles(const StationConfig& config)
{
    if (config.agent.complete()) {
        return {};
    }
    const auto slot = std::ranges::find_if(config.slots, needsAgentFiles);
    if (config.agent.empty() && slot == config.slots.end()) {
        return {};
    }
    const auto missing = firstAgentKey(config.agent, false);
    if (config.agent.empty()) {
        const auto key = "slot." + std::to_string(slot->number) + ".device";
        return makeError(StationCode::ConfigurationInvalid,
                         config.origins.at(key) + ": slot " + std::to_string(slot->number) + " is at " + slot->device +
                             ", and " + missing +
                             " is missing: [agent] names the files by which station and agent know each other, and "
                             "`enrollctl agent-keys` makes them");
    }
    const auto known = firstAgentKey(config.agent, true);
    return makeError(StationCode::ConfigurationInvalid, config.origins.at(known) + ": " + known + " is set, and " +
                                                            missing +
                                                            " is missing: one without the others is of no use");
}

} // namespace

Result<void> requireNoContradiction(const StationConfig& config)
{
    TRY(requirePatterns(config));
    TRY(requireMoreThanPrefix(config));
    return requireAgentFiles(config);
}

} // namespace enroll::config

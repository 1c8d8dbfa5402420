#include "core/config/station_contradictions.h"

#include "core/base/station_code.h"
#include "core/transport/device_address.h"

#include <algorithm>
#include <utility>
#include <vector>

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

using AgentKey = std::pair<const char*, const std::filesystem::path*>;
using AgentKeys = std::vector<AgentKey>; ///< those that belong together

AgentKeys keysOfTls(const transport::AgentFiles& files)
{
    return {{"agent.ca_file", &files.caFile},
            {"agent.certificate_file", &files.certificateFile},
            {"agent.key_file", &files.keyFile}};
}

AgentKeys keysOfSsh(const transport::AgentFiles& files)
{
    return {{"agent.key_file", &files.keyFile}, {"agent.known_hosts_file", &files.knownHostsFile}};
}

bool isMissing(const AgentKey& key)
{
    return key.second->empty();
}

/// Error S-330 naming \p slot, if its device is reached by files of which one is missing.
Result<void> requireFilesOf(const SlotConfig& slot, const StationConfig& config)
{
    const auto address = transport::parseDeviceAddress(slot.device);
    const bool isSsh = address && std::holds_alternative<transport::SshAddress>(*address);
    if (!isSsh && !(address && std::holds_alternative<transport::TlsAddress>(*address))) {
        return {};
    }
    const auto keys = isSsh ? keysOfSsh(config.agent) : keysOfTls(config.agent);
    const auto missing = std::ranges::find_if(keys, isMissing);
    if (missing == keys.end()) {
        return {};
    }
    const auto key = "slot." + std::to_string(slot.number) + ".device";
    return makeError(StationCode::ConfigurationInvalid,
                     config.origins.at(key) + ": slot " + std::to_string(slot.number) + " is at " + slot.device +
                         ", and " + missing->first + " is missing: [agent] names the " +
                         (isSsh ? "key by which the station logs in, and the host keys of devices"
                                : "files by which station and agent know each other, and `enrollctl agent-keys` makes "
                                  "them"));
}

/// Error S-330, if one of \p keys is set and another one is not.
Result<void> requireAll(const AgentKeys& keys, const StationConfig& config)
{
    const auto missing = std::ranges::find_if(keys, isMissing);
    const auto known = std::ranges::find_if_not(keys, isMissing);
    if (missing == keys.end() || known == keys.end()) {
        return {};
    }
    return makeError(StationCode::ConfigurationInvalid, config.origins.at(known->first) + ": " + known->first +
                                                            " is set, and " + missing->first +
                                                            " is missing: one without the others is of no use");
}

/// Each file of [agent] that is named has the others with it that it is of use with. The key is of use with either group.
Result<void> requireAgentFiles(const StationConfig& config)
{
    for (const auto& slot : config.slots) {
        TRY(requireFilesOf(slot, config));
    }
    const auto& files = config.agent;
    const bool isSsh = !files.knownHostsFile.empty();
    if (isSsh) {
        TRY(requireAll(keysOfSsh(files), config));
    }
    return files.namesTls() || !isSsh ? requireAll(keysOfTls(files), config) : Result<void>{};
}

} // namespace

Result<void> requireNoContradiction(const StationConfig& config)
{
    TRY(requirePatterns(config));
    TRY(requireMoreThanPrefix(config));
    return requireAgentFiles(config);
}

} // namespace enroll::config

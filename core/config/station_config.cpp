#include "core/config/station_config.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/base/written_text.h"
#include "core/config/agent_section.h"
#include "core/config/destination_section.h"
#include "core/config/scanner_section.h"
#include "core/config/security_section.h"
#include "core/config/slot_range.h"
#include "core/config/station_contradictions.h"
#include "core/config/toml_fields.h"
#include "core/crypto/digest.h"
#include "core/enrollment/one_off_destination.h"
#include "core/system/directory.h"
#include "core/system/regular_file.h"
#include "core/transport/device_address.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <set>

namespace enroll::config {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 12> kStationKeys{
    "id",      "site",    "line",  "data_dir",         "locale",       "viewing_distance_m", "screen_width_mm",
    "profile", "pairing", "start", "require_operator", "require_batch"};
constexpr std::array<std::string_view, 3> kSoundKeys{"fail", "attention", "volume"};
constexpr std::array<std::string_view, 3> kSlotKeys{"number", "device", "usb_port"};

constexpr auto kCommandLineOrigin = "command line";

/// Remembers where each key that \p section sets came from.
void noteOrigins(const Fields& section, std::string_view name, std::span<const std::string_view> keys,
                 StationConfig& config)
{
    for (const auto key : keys) {
        if (section.has(key)) {
            config.origins[std::string{name} + "." + std::string{key}] = section.place(key);
        }
    }
}

/// Reads the name of a language, with or without a country. Whether there is a translation is not checked here: without
/// one the screens are in English.
Result<void> readLocale(const Fields& section, std::string& locale)
{
    constexpr std::size_t kMostCharacters = 35; // the longest tag that RFC 5646 asks programs to hold
    TRY(section.read("locale", locale,
                     "write the name of a language, such as \"de\" or \"pt_BR\", or leave the key out"));
    const auto fits = [](char c) {
        const auto lower = asciiLower(c);
        return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    if (section.has("locale") && (locale.size() > kMostCharacters || !std::ranges::all_of(locale, fits))) {
        return section.errorAt("locale", "must be the name of a language, such as \"de\" or \"pt_BR\"");
    }
    return {};
}

Result<void> readProfile(const Fields& section, const fs::path& base, fs::path& target)
{
    constexpr std::string_view kInstead =
        "name a shipped profile, such as \"production\", or the path of a *.profile.toml, or leave the key out";
    std::string profile;
    TRY(section.read("profile", profile, kInstead));
    const bool isFile = profile.find('/') != std::string::npos || profile.ends_with(".toml");
    if (!profile.empty() && !isFile) { // a shipped profile's name stays a name
        target = profile;
        return {};
    }
    return section.readPath("profile", base, target, kInstead);
}

Result<void> readStation(const Fields& top, const fs::path& base, StationConfig& config)
{
    constexpr double kNearest = 0.3;
    constexpr double kFarthest = 5.0;
    constexpr double kNarrowest = 100;
    constexpr double kWidest = 5000;
    TRY_ASSIGN(const auto section, top.table("station"));
    TRY(section.allowOnly(kStationKeys, {"dps_endpoint"}));
    auto id = config.stationId.text();
    TRY(section.read("id", id, "write 1 to 64 characters, such as \"ST-07\", or leave the key out"));
    if (id.size() > 64) {
        return section.errorAt("id", "must have 1 to 64 characters");
    }
    config.stationId = enrollment::StationId{id};
    TRY(section.read("site", config.site));
    TRY(section.read("line", config.line));
    TRY(section.read("viewing_distance_m", config.viewingDistanceMetres, kNearest, kFarthest));
    if (section.has("screen_width_mm")) {
        TRY(section.read("screen_width_mm", config.screenWidthMillimetres.emplace(), kNarrowest, kWidest));
    }
    TRY(section.readPath("data_dir", base, config.dataDirectory, "name a path, or leave the key out"));
    TRY(readLocale(section, config.locale));

    TRY(readProfile(section, base, config.profile));
    TRY(section.readChoice<enrollment::PairingRule>("pairing", config.pairing, choicesOf(enrollment::kPairingWords)));
    TRY(section.readChoice<enrollment::StartRule>("start", config.start, choicesOf(enrollment::kStartWords)));
    TRY(section.read("require_operator", config.requireOperator));
    TRY(section.read("require_batch", config.requireBatch));
    noteOrigins(section, "station", kStationKeys, config);
    return {};
}

/// The key by which a slot says where its device is; \p section has one of the two.
std::string_view deviceKeyOf(const Fields& section)
{
    return section.has("usb_port") ? "usb_port" : "device";
}

/// "usb_port" is a shorter way to write an address.
Result<void> readDevice(const Fields& section, std::string& device)
{
    if (section.has("device") && section.has("usb_port")) {
        return section.errorAt("usb_port", "stands beside device: a slot has its device at one of the two");
    }
    std::string port;
    TRY(section.read("device", device, "write the address of its device, such as \"tcp://127.0.0.1:2321\""));
    TRY(section.read("usb_port", port, "write the USB port of the slot, such as \"1-1.4\""));
    if (section.has("usb_port")) {
        device = "usb://" + port;
    }
    return {};
}

/// Refuses a device that is no address, or that one of \p others has: two runs at once would disturb each other.
Result<void> requireOwnDevice(const Fields& section, const SlotConfig& slot, const std::vector<SlotConfig>& others,
                              const StationConfig& config)
{
    const auto address = transport::parseDeviceAddress(slot.device);
    if (!address.ok()) {
        return section.errorAt(deviceKeyOf(section), "cannot be used: " + address.error().what);
    }
    const auto same = std::ranges::find_if(others, [&](const SlotConfig& other) {
        const auto known = transport::parseDeviceAddress(other.device);
        return known.ok() && transport::leadToOneDevice(*known, *address);
    });
    if (same == others.end()) {
        return {};
    }
    const auto number = std::to_string(same->number);
    return section.errorAt(deviceKeyOf(section), "is " + shownText(slot.device) + ", which slot " + number +
                                                     " has too (" + config.origins.at("slot." + number + ".device") +
                                                     "): give slot " + std::to_string(slot.number) +
                                                     " a device of its own");
}

Result<void> readSounds(const Fields& top, StationConfig& config)
{
    TRY_ASSIGN(const auto section, top.table("sounds"));
    TRY(section.allowOnly(kSoundKeys));
    TRY(section.read("fail", config.sounds.fail));
    TRY(section.read("attention", config.sounds.attention));
    TRY(section.read("volume", config.sounds.volume, 0, 100));
    noteOrigins(section, "sounds", kSoundKeys, config);
    return {};
}

Result<void> readSecurityOf(const Fields& top, StationConfig& config)
{
    TRY_ASSIGN(const auto section, top.table("security"));
    TRY(readSecurity(section, config.security));
    noteOrigins(section, "security", kSecurityKeys, config);
    return {};
}

Result<void> readAgentOf(const Fields& top, const fs::path& base, StationConfig& config)
{
    TRY_ASSIGN(const auto section, top.table("agent"));
    TRY(readAgent(section, base, config.agent));
    noteOrigins(section, "agent", kAgentKeys, config);
    return {};
}

Result<void> readScannerOf(const Fields& top, StationConfig& config)
{
    TRY_ASSIGN(const auto section, top.table("scanner"));
    TRY(readScanner(section, config.scanner));
    noteOrigins(section, "scanner", kScannerKeys, config);
    TRY_ASSIGN(const auto patterns, section.table("patterns"));
    for (const auto& [word, kind] : enrollment::kCodeKindWords) {
        if (patterns.has(word)) {
            config.origins[keyOf(kind)] = patterns.place(word);
        }
    }
    return {};
}

Result<void> readSlots(const Fields& top, StationConfig& config)
{
    std::set<int> numbers;
    std::vector<SlotConfig> slots;
    TRY_ASSIGN(const auto sections, top.tables("slot"));
    for (const auto& section : sections) {
        TRY(section.allowOnly(kSlotKeys, {"discover"}));
        SlotConfig slot;
        TRY(section.read("number", slot.number, 1, kMostSlots));
        TRY(readDevice(section, slot.device));
        if (!section.has("number") || !section.has(deviceKeyOf(section))) {
            return section.errorAt(section.has("number") ? "device" : "number", "is missing");
        }
        if (!numbers.insert(slot.number).second) {
            return section.errorAt("number", "is " + std::to_string(slot.number) + " twice");
        }
        TRY(requireOwnDevice(section, slot, slots, config));
        config.origins["slot." + std::to_string(slot.number) + ".device"] = section.place(deviceKeyOf(section));
        slots.push_back(std::move(slot));
    }
    if (!slots.empty()) {
        std::ranges::sort(slots, {}, &SlotConfig::number);
        config.slots = std::move(slots);
    }
    return {};
}

Result<DestinationConfig> readDestination(const Fields& section, const fs::path& base)
{
    constexpr std::size_t kLongestName = 64;
    TRY_ASSIGN(auto settings, readDestinationSettings(section, base)); // first: each kind has its own keys
    std::string name;
    TRY(section.read("name", name, "write 1 to 64 characters, such as \"cloud\""));
    if (name.empty()) {
        return section.errorAt("name", "is missing");
    }
    if (name.size() > kLongestName) { // it becomes the name of a lock file, in hexadecimal
        return section.errorAt("name", "must have 1 to 64 characters");
    }
    if (name == enrollment::kOneOffDestination) {
        return section.errorAt("name", "is \"" + name + "\", the name of uploads without a configured destination");
    }
    DestinationConfig destination{enrollment::DestinationName{name}, std::move(settings)};
    for (const auto key : destinationKeys()) {
        if (section.has(key)) {
            destination.places.emplace(key, section.place(key));
        }
    }
    return destination;
}

Result<void> readDestinations(const Fields& top, const fs::path& base, StationConfig& config)
{
    TRY_ASSIGN(const auto sections, top.tables("destination"));
    for (const auto& section : sections) {
        TRY_ASSIGN(auto destination, readDestination(section, base));
        if (std::ranges::find(config.destinations, destination.name, &DestinationConfig::name) !=
            config.destinations.end()) {
            return section.errorAt("name", "is \"" + destination.name.text() + "\" twice");
        }
        config.origins["destination." + destination.name.text()] = section.place("name");
        config.destinations.push_back(std::move(destination));
    }
    return {};
}

/// Reads \p text into \p config. Values that it sets override those that are there.
Result<void> apply(std::string_view text, const std::string& origin, const fs::path& base, StationConfig& config)
{
    TRY_ASSIGN(const auto document, parseToml(text, origin));
    const Fields top{document, "", origin};
    TRY(requireSchemaOne(top)); // first: another schema has other keys
    TRY(top.allowOnly({"schema", "station", "scanner", "sounds", "security", "agent", "slot", "destination"},
                      {"journal", "service"}));
    TRY(readStation(top, base, config));
    TRY(readScannerOf(top, config));
    TRY(readSounds(top, config));
    TRY(readSecurityOf(top, config));
    TRY(readAgentOf(top, base, config));
    TRY(readSlots(top, config));
    return readDestinations(top, base, config);
}

Result<void> applyFile(const fs::path& file, StationConfig& config)
{
    TRY_ASSIGN(const auto text, readTextFile(file.string()));
    TRY_ASSIGN(const auto digest, crypto::sha256({asBytes(text)}));
    config.filesRead.push_back({file, toHex(digest)});
    return apply(text, file.string(), file.parent_path(), config);
}

Error unreadable(const fs::path& path, const std::error_code& failure)
{
    return makeError(StationCode::ConfigurationInvalid, path.string() + " cannot be read: " + failure.message(), {},
                     Errno{failure.value()});
}

/// The *.toml files of \p directory in the order of their names; none if it does not exist. A directory that exists and
/// cannot be read is an error: values would silently be missing.
Result<std::vector<fs::path>> dropInsOf(const fs::path& directory)
{
    TRY_ASSIGN(const auto entries, recoded(system::entriesOf(directory), StationCode::ConfigurationInvalid));
    std::vector<fs::path> dropIns;
    std::ranges::copy_if(entries.value_or(std::vector<fs::path>{}), std::back_inserter(dropIns),
                         [](const fs::path& entry) { return entry.extension() == ".toml"; });
    return dropIns;
}

Result<void> applySystemFiles(const fs::path& directory, StationConfig& config)
{
    const auto main = directory / "station.toml";
    std::error_code failure;
    if (fs::exists(main, failure) || system::isLink(main)) { // a link that leads nowhere fails when it is read
        TRY(applyFile(main, config));
    } else if (failure) {
        return unreadable(main, failure);
    }
    TRY_ASSIGN(const auto dropIns, dropInsOf(directory / "conf.d"));
    for (const auto& file : dropIns) {
        TRY(applyFile(file, config));
    }
    return {};
}

/// The value of a variable; null also for an empty one, which counts as not set.
const char* environment(const char* name)
{
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): read once at start, never set
    return value != nullptr && *value != '\0' ? value : nullptr;
}

/// The directory that a variable names; nothing for a relative one, which would be another in each directory that a
/// program is started from.
/// Source: XDG Base Directory Specification 0.8, "Basics": relative paths are invalid, and are ignored.
std::optional<fs::path> directoryOf(const char* variable)
{
    const char* value = environment(variable);
    return value != nullptr && fs::path{value}.is_absolute() ? std::optional<fs::path>{value} : std::nullopt;
}

fs::path defaultDataDirectory()
{
    if (const auto dataHome = directoryOf("XDG_DATA_HOME")) {
        return *dataHome / "enroll-station";
    }
    const auto home = directoryOf("HOME");
    return home ? *home / ".local/share/enroll-station" : fs::path{"/var/lib/enroll-station"};
}

void addKeys(std::string_view section, std::span<const std::string_view> keys, std::vector<std::string>& names)
{
    for (const auto key : keys) {
        names.push_back(std::string{section} + "." + std::string{key});
    }
}

/// With their section: "station.id". Those of slots and destinations stand once for each.
std::vector<std::string> ownKeys()
{
    std::vector<std::string> names;
    addKeys("station", kStationKeys, names);
    addKeys("scanner", kScannerKeys, names);
    addKeys("sounds", kSoundKeys, names);
    addKeys("security", kSecurityKeys, names);
    addKeys("agent", kAgentKeys, names);
    return names;
}

StationConfig defaults()
{
    StationConfig config;
    config.dataDirectory = defaultDataDirectory();
    config.profile = "production";
    for (const auto& key : ownKeys()) {
        config.origins[key] = kDefaultOrigin;
    }
    return config;
}

void applyOverrides(const ConfigSources& sources, StationConfig& config)
{
    if (const char* data = environment("ENROLL_DATA")) {
        config.dataDirectory = data;
        config.origins["station.data_dir"] = "environment ENROLL_DATA";
    }
    if (sources.dataDirectory) {
        config.dataDirectory = *sources.dataDirectory;
        config.origins["station.data_dir"] = kCommandLineOrigin;
    }
    if (sources.profile) {
        config.profile = *sources.profile;
        config.origins["station.profile"] = kCommandLineOrigin;
    }
}

/// Refuses a data directory that cannot be one, where a file or the environment names it: whoever finds it later knows
/// the path alone. One that is not there yet is made by who writes first.
Result<void> requireUsableDataDirectory(const StationConfig& config)
{
    const auto& origin = config.origins.at("station.data_dir");
    if (origin == kDefaultOrigin || origin == kCommandLineOrigin) {
        return {};
    }
    const auto refuse = [&](const std::string& why) {
        return makeError(StationCode::ConfigurationInvalid,
                         origin + ": station.data_dir is " + quotedText(config.dataDirectory.native()) + ", " + why +
                             ": name a directory, or a path where there is nothing yet");
    };
    std::error_code fault;
    const auto status = fs::status(config.dataDirectory, fault);
    if (status.type() == fs::file_type::not_found && fault == std::errc::no_such_file_or_directory) {
        return system::isLink(config.dataDirectory) ? Result<void>{refuse("a symbolic link that leads nowhere")}
                                                    : Result<void>{};
    }
    if (fault) {
        return refuse("which cannot be used (" + fault.message() + ")");
    }
    return fs::is_directory(status) ? Result<void>{} : Result<void>{refuse("which is no directory")};
}

} // namespace

std::vector<std::string> stationConfigKeys()
{
    std::vector<std::string> names{"schema"};
    std::ranges::move(ownKeys(), std::back_inserter(names));
    addKeys("slot", kSlotKeys, names);
    addKeys("destination", destinationKeys(), names);
    return names;
}

fs::path configurationFile(const ConfigSources& sources)
{
    if (sources.file) {
        return *sources.file;
    }
    const char* file = environment("ENROLL_CONFIG");
    return file != nullptr ? fs::path{file} : sources.systemDirectory / "station.toml";
}

bool isConfigurationNamed(const ConfigSources& sources)
{
    return sources.file || environment("ENROLL_CONFIG") != nullptr;
}

Result<StationConfig> loadStationConfig(const ConfigSources& sources)
{
    auto config = defaults();
    config.file = configurationFile(sources);
    TRY(isConfigurationNamed(sources) ? applyFile(config.file, config)
                                      : applySystemFiles(sources.systemDirectory, config));
    applyOverrides(sources, config);
    TRY(requireUsableDataDirectory(config));
    TRY(requireNoContradiction(config));
    return config;
}

std::vector<fs::path> filesInUse(const StationConfig& config)
{
    std::vector<fs::path> files;
    std::ranges::transform(config.filesRead, std::back_inserter(files), &FileRead::file);
    files.push_back(config.profile);
    files.insert(files.end(), {config.agent.caFile, config.agent.certificateFile, config.agent.keyFile,
                               config.agent.knownHostsFile});
    for (const auto& destination : config.destinations) {
        std::ranges::copy(filesOf(destination.settings), std::back_inserter(files));
    }
    std::erase(files, fs::path{});
    return files;
}

Result<StationConfig> parseStationConfig(std::string_view text, const std::string& origin)
{
    auto config = defaults();
    config.file = origin;
    TRY(apply(text, origin, fs::path{origin}.parent_path(), config));
    TRY(requireNoContradiction(config));
    return config;
}

} // namespace enroll::config

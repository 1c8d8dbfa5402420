#include "core/config/destination_settings.h"

#include "core/base/written_text.h"
#include "core/config/destination_section.h"

#include <algorithm>
#include <array>
#include <type_traits>

namespace enroll::config {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 5> kDpsKeys{"name", "kind", "connection_string_file", "ca_file",
                                                   "max_operations_per_minute"};
constexpr std::span<const std::string_view> keysOf(std::type_identity<DpsSettings> /*kind*/)
{
    return kDpsKeys;
}

Result<void> readSettings(const Fields& section, const fs::path& base, DpsSettings& dps)
{
    constexpr int kServiceLimit = 1000; // operations a minute and service, as its documentation states
    TRY(section.allowOnly(kDpsKeys,
                          {"conninfo", "directory", "calls_in_flight", "api_version", "proxy", "host", "bearer"}));
    TRY(section.readPath("connection_string_file", base, dps.connectionStringFile,
                         "name the file that holds the connection string"));
    TRY(section.readPath(
        "ca_file", base, dps.caFile,
        "name the file of the authorities to trust, or leave the key out to trust all of the system's"));
    TRY(section.read("max_operations_per_minute", dps.maxOperationsPerMinute, 1, kServiceLimit));
    if (dps.connectionStringFile.empty()) {
        return section.errorAt("connection_string_file", "is missing");
    }
    return {};
}

std::vector<DestinationValue> settingValues(const DpsSettings& dps)
{
    return {{"connection_string_file", dps.connectionStringFile.string()},
            {"ca_file", dps.caFile.string()},
            {"max_operations_per_minute", std::to_string(dps.maxOperationsPerMinute)}};
}

std::vector<fs::path> settingFiles(const DpsSettings& dps)
{
    return {dps.connectionStringFile, dps.caFile};
}

using Reader = Result<DestinationSettings> (*)(const Fields& section, const fs::path& base);

template <class Settings>
Result<DestinationSettings> readAs(const Fields& section, const fs::path& base)
{
    Settings settings;
    TRY(readSettings(section, base, settings));
    return DestinationSettings{std::move(settings)};
}

template <class... Settings>
constexpr auto readersOf(std::type_identity<std::variant<Settings...>> /*alternatives*/)
{
    return std::array{Choice<Reader>{Settings::kKind, readAs<Settings>}...};
}
constexpr auto kReaders = readersOf(std::type_identity<DestinationSettings>{});

template <class... Settings>
constexpr auto keysOfEach(std::type_identity<std::variant<Settings...>> /*alternatives*/)
{
    return std::array{keysOf(std::type_identity<Settings>{})...};
}

// Kinds that a later version will send to. Their files may come to this one when a station goes back to it.
constexpr std::array<std::string_view, 2> kLaterKinds{"postgres", "file"};

constexpr bool isLater(std::string_view word)
{
    return std::ranges::find(kLaterKinds, word) != kLaterKinds.end();
}
static_assert(std::ranges::none_of(kReaders, [](const auto& reader) { return isLater(reader.word); }),
              "a kind that is read is no kind of a later version");

} // namespace

std::string_view kindOf(const DestinationSettings& settings) noexcept
{
    return std::visit([](const auto& kind) { return kind.kKind; }, settings);
}

std::vector<DestinationValue> valuesOf(const DestinationSettings& settings)
{
    return std::visit([](const auto& kind) { return settingValues(kind); }, settings);
}

std::vector<fs::path> filesOf(const DestinationSettings& settings)
{
    return std::visit([](const auto& kind) { return settingFiles(kind); }, settings);
}

std::vector<std::string_view> destinationKeys()
{
    std::vector<std::string_view> every;
    for (const auto keys : keysOfEach(std::type_identity<DestinationSettings>{})) {
        std::ranges::copy_if(keys, std::back_inserter(every),
                             [&](std::string_view key) { return std::ranges::find(every, key) == every.end(); });
    }
    return every;
}

Result<DestinationSettings> readDestinationSettings(const Fields& section, const fs::path& base)
{
    std::string word;
    TRY(section.readWord("kind", word));
    if (isLater(word)) {
        return section.errorAt("kind", "is " + quotedText(word) + ", which " + std::string{kNotSupported} +
                                           "; the records wait in the journal");
    }
    auto read = kReaders.front().meaning;
    TRY(section.readChoice("kind", read, std::span<const Choice<Reader>>{kReaders}));
    return read(section, base);
}

} // namespace enroll::config

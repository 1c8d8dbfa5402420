#include "app/enrollctl/config_values.h"

#include "core/base/text.h"

#include <QJsonArray>

#include <array>
#include <cstdio>

namespace enroll::app::enrollctl {
namespace {

std::string decimal(double value)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%g", value);
    return text.data();
}

/// Collects values with their origins.
class Collector {
public:
    explicit Collector(const config::StationConfig& station) : m_station(station) {}

    /// \p place is where the value stands; empty: nowhere.
    void add(const std::string& key, std::string value, const std::string& place)
    {
        m_values.push_back({key, std::move(value), place.empty() ? "default" : place});
    }
    void add(const std::string& key, std::string value)
    {
        const auto found = m_station.origins.find(key);
        add(key, std::move(value), found == m_station.origins.end() ? std::string{} : found->second);
    }

    [[nodiscard]] std::vector<ConfigValue> take() && { return std::move(m_values); }

private:
    const config::StationConfig& m_station;
    std::vector<ConfigValue> m_values;
};

void addDestination(Collector& values, const config::DestinationConfig& destination)
{
    const auto add = [&](const std::string& key, std::string value) {
        const auto place = destination.places.find(key);
        values.add("destination." + destination.name.text() + "." + key, std::move(value),
                   place == destination.places.end() ? std::string{} : place->second);
    };
    add("kind", std::string{config::kindOf(destination.settings)});
    for (const auto& [key, value] : config::valuesOf(destination.settings)) {
        add(key, value);
    }
}

std::string patternsText(const enrollment::CodePatterns& patterns)
{
    std::vector<std::string> texts;
    for (const auto& [word, kind] : enrollment::kCodeKindWords) {
        if (patterns.has(kind)) {
            texts.push_back(std::string{word} + " = " + patterns.of(kind).text());
        }
    }
    return joined(texts, ", ");
}

QJsonObject valueDocument(const ConfigValue& value)
{
    return {{QStringLiteral("key"), QString::fromStdString(value.key)},
            {QStringLiteral("value"), QString::fromStdString(value.value)},
            {QStringLiteral("origin"), QString::fromStdString(value.origin)}};
}

} // namespace

std::vector<ConfigValue> configValues(const config::StationConfig& station)
{
    Collector values{station};
    values.add("station.id", station.stationId.text());
    values.add("station.site", station.site);
    values.add("station.line", station.line);
    values.add("station.data_dir", station.dataDirectory.string());
    values.add("station.locale", station.locale);
    values.add("station.viewing_distance_m", decimal(station.viewingDistanceMetres));
    values.add("station.screen_width_mm",
               station.screenWidthMillimetres ? decimal(*station.screenWidthMillimetres) : std::string{});
    values.add("station.profile", station.profile.string());
    values.add("station.pairing", std::string{enrollment::wordOf(station.pairing)});
    values.add("station.start", std::string{enrollment::wordOf(station.start)});
    values.add("station.require_operator", station.requireOperator ? "true" : "false");
    values.add("station.require_batch", station.requireBatch ? "true" : "false");
    values.add("scanner.prefix", station.scanner.prefix);
    values.add("scanner.suffix", std::string{enrollment::wordOf(station.scanner.end)});
    values.add("scanner.min_length", std::to_string(station.scanner.minLength));
    values.add("scanner.patterns", patternsText(station.scanner.patterns));
    const auto own = station.scanner.own.value_or(enrollment::OwnScanner{});
    values.add("scanner.device", own.device.string());
    values.add("scanner.layout", own.layout);
    values.add("scanner.baud", std::to_string(own.baud));
    values.add("sounds.fail", station.sounds.fail ? "true" : "false");
    values.add("sounds.attention", station.sounds.attention ? "true" : "false");
    values.add("sounds.volume", std::to_string(station.sounds.volume));
    values.add("security.require_sign_in", station.security.requireSignIn ? "true" : "false");
    values.add("security.lock_after_minutes", std::to_string(station.security.lockAfterMinutes));
    values.add("agent.ca_file", station.agent.caFile.string());
    values.add("agent.certificate_file", station.agent.certificateFile.string());
    values.add("agent.key_file", station.agent.keyFile.string());
    values.add("agent.known_hosts_file", station.agent.knownHostsFile.string());
    for (const auto& slot : station.slots) {
        values.add("slot." + std::to_string(slot.number) + ".device", slot.device);
    }
    for (const auto& destination : station.destinations) {
        addDestination(values, destination);
    }
    return std::move(values).take();
}

QJsonObject configDocument(std::span<const ConfigValue> values)
{
    QJsonArray list;
    for (const auto& value : values) {
        list.append(valueDocument(value));
    }
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/config/1")},
            {QStringLiteral("values"), list}};
}

std::string configText(std::span<const ConfigValue> values, OriginColumn origin)
{
    std::string text;
    for (const auto& value : values) {
        text += printableText(value.key + " = " + value.value);
        text += origin == OriginColumn::Shown ? "    # " + printableText(value.origin) + "\n" : "\n";
    }
    return text;
}

} // namespace enroll::app::enrollctl

#include "core/config/profile_text.h"

#include "core/base/assert.h"
#include "core/base/overloaded.h"
#include "core/config/findings_section.h"
#include "core/config/profile_words.h"

#include <algorithm>
#include <sstream>

namespace enroll::config {
namespace {

using enrollment::EnrollmentSettings;
using enrollment::ProductProfile;
using enrollment::TextPattern;
using enrollment::TwinList;
using enrollment::TwinObject;
using enrollment::TwinValue;

template <class T, std::size_t N>
std::string wordOf(const std::array<Choice<T>, N>& choices, const T& meaning)
{
    const auto* const found = std::ranges::find(choices, meaning, &Choice<T>::meaning);
    ENROLL_ASSERT(found != choices.end(), "a profile holds what its words mean");
    return std::string{found->word};
}

toml::array listOf(const std::vector<std::string>& texts)
{
    toml::array list;
    for (const auto& text : texts) {
        list.push_back(text);
    }
    return list;
}

bool persists(attestation::Persistence persistence) noexcept
{
    return persistence == attestation::Persistence::PersistIfAbsent;
}

void putIfAny(toml::table& section, std::string_view key, const std::string& text)
{
    if (!text.empty()) {
        section.insert(key, text);
    }
}

toml::table keySection(const attestation::AttestationPolicy& policy)
{
    const auto words = attestation::ekChoiceWords();
    const auto word =
        std::ranges::find_if(words, [&](const auto& known) { return known.choice == policy.endorsementKey; });
    ENROLL_ASSERT(word != words.end(), "a profile names its key by a word");
    toml::table section{{"enroll", std::string{word->word}},
                        {"persist_if_absent", persists(policy.persistAfterPass.endorsementKey)}};
    putIfAny(section, "device_sdk", policy.deviceSdk);
    return section;
}

toml::table certificateSection(const ProductProfile& profile)
{
    return toml::table{{"require", wordOf(kRequirements, profile.policy.certificate)},
                       {"anchors", listOf(profile.trustSets)},
                       {"on_missing", wordOf(kOnFindings, profile.policy.onMissingCertificate)},
                       {"on_expired", wordOf(kOnFindings, profile.policy.onExpiredCertificate)}};
}

/// Without the findings that this profile never looks for: whoever reads a severity counts on it.
toml::table findingsSection(const attestation::AttestationPolicy& policy)
{
    toml::table section;
    for (const auto& row : attestation::findingCatalog()) {
        if (!isLookedFor(policy, row.id) && !policy.severities.contains(row.id)) {
            continue;
        }
        section.insert(row.id, wordOf(kSeverities, attestation::severityOf(policy, row.id)));
    }
    return section;
}

toml::table tpmSection(const attestation::AttestationPolicy& policy)
{
    toml::table section{{"allow_manufacturers", listOf(policy.allowedManufacturers)},
                        {"allow_software", policy.allowSoftware}};
    toml::table oldest;
    for (const auto& [maker, version] : policy.oldestFirmware) {
        oldest.insert(maker, attestation::firmwareText(version));
    }
    if (!oldest.empty()) {
        oldest.is_inline(true);
        section.insert("minimum_firmware", std::move(oldest));
    }
    return section;
}

toml::array listOf(const std::vector<attestation::HandleRange>& ranges)
{
    toml::array list;
    for (const auto& range : ranges) {
        list.push_back(attestation::handleRangeText(range));
    }
    return list;
}

toml::table shipStateSection(const attestation::AttestationPolicy& policy)
{
    toml::table section{{"check", policy.shipState.has_value()}};
    if (policy.shipState) {
        section.insert("persistent_handles", listOf(policy.shipState->persistentHandles));
        section.insert("owner_indices", listOf(policy.shipState->ownerIndices));
    }
    return section;
}

toml::table transportSection(const ProductProfile& profile)
{
    toml::table timeouts{{"default", profile.commandTimeout.count()},
                         {"create_primary", profile.createPrimaryTimeout.count()},
                         {"run", profile.runTimeout.count()}};
    timeouts.is_inline(true);
    toml::table section{{"timeout_s", std::move(timeouts)}};
    if (!profile.allowedTransports.empty()) { // an empty list would allow none
        section.insert("allow", listOf(profile.allowedTransports));
    }
    return section;
}

/// toml++ 3.3 writes a key of letters and an apostrophe without the quotation marks that it needs. This private letter
/// makes it write them, and is taken out of the text again.
constexpr std::string_view kForcesQuotes = "\xEE\x80\x80"; // U+E000

std::string keyFor(const std::string& name)
{
    return name.find('\'') == std::string::npos ? name : name + std::string{kForcesQuotes};
}

toml::table tableOf(const TwinObject& object);

void append(toml::array& list, const TwinValue& value)
{
    std::visit(Overloaded{[&](const TextPattern& text) { list.push_back(text.text()); },
                          [&](const TwinList& values) {
                              toml::array inner;
                              for (const auto& entry : values) {
                                  append(inner, entry);
                              }
                              list.push_back(std::move(inner));
                          },
                          [&](const TwinObject& object) { list.push_back(tableOf(object)); },
                          [&](auto plain) { list.push_back(plain); }},
               value.held);
}

/// Of one value and none: a list is the one thing of TOML that takes any.
toml::table tableOf(const TwinObject& object)
{
    toml::table table;
    for (const auto& member : object) {
        toml::array one;
        append(one, member.value);
        std::move(one[0]).visit(
            [&](auto&& node) { table.insert(keyFor(member.name), std::forward<decltype(node)>(node)); });
    }
    return table;
}

void putSettings(toml::table& section, const EnrollmentSettings& settings)
{
    if (settings.iotEdge) {
        section.insert("iot_edge", *settings.iotEdge);
    }
    if (settings.allocationPolicy) {
        section.insert("allocation", wordOf(kAllocations, *settings.allocationPolicy));
    }
    if (!settings.iotHubs.empty()) {
        section.insert("hubs", listOf(settings.iotHubs));
    }
    if (settings.reprovisionPolicy) {
        section.insert("reprovision", wordOf(kReprovisions, *settings.reprovisionPolicy));
    }
    putIfAny(section, "namespace_name", settings.namespaceName);
    putIfAny(section, "certificate_authority_name", settings.certificateAuthorityName);
    putIfAny(section, "certificate_policy_name", settings.certificatePolicyName);
}

toml::table enrollmentSection(const ProductProfile& profile)
{
    toml::table section{{"registration_id", wordOf(kIdRules, profile.registrationIdRule)}};
    putIfAny(section, "device_id", profile.enrollment.deviceId.text());
    putSettings(section, profile.enrollment.settings);
    if (!profile.enrollment.tags.empty()) {
        section.insert("tags", tableOf(profile.enrollment.tags));
    }
    if (!profile.enrollment.desiredProperties.empty()) {
        section.insert("desired_properties", tableOf(profile.enrollment.desiredProperties));
    }
    return section;
}

toml::table tableOf(const ProductProfile& profile)
{
    const auto& policy = profile.policy;
    toml::table table{
        {"schema", 1},
        {"name", profile.stamp.name},
        {"version", profile.stamp.version},
        {"endorsement_key", keySection(policy)},
        {"storage_root_key", toml::table{{"persist_if_absent", persists(policy.persistAfterPass.storageRootKey)}}},
        {"certificate", certificateSection(profile)},
        {"findings", findingsSection(policy)},
        {"tpm", tpmSection(policy)},
        {"ship_state", shipStateSection(policy)},
        {"attestation", toml::table{{"activation", true}}}, // nothing else is read
        {"transport", transportSection(profile)},
        {"enrollment", enrollmentSection(profile)},
        {"duplicates",
         toml::table{{"same_ek_other_serial", wordOf(kDuplicateRules, profile.sameEkOtherSerial)},
                     {"same_serial_other_ek", wordOf(kDuplicateRules, profile.sameSerialOtherEk)},
                     {"same_tpm_other_serial", wordOf(kRetestRules, profile.sameTpmOtherSerial)},
                     {"same_device_other_settings", wordOf(kRetestRules, profile.sameDeviceOtherSettings)}}}};
    putIfAny(table, "serial_pattern", profile.serialPattern.text());
    if (profile.selfCheckMaxAge) {
        table.insert("self_check", toml::table{{"max_age_hours", profile.selfCheckMaxAge->count()}});
    }
    return table;
}

template <class Formatter>
std::string textOf(const ProductProfile& profile)
{
    std::ostringstream out;
    out << Formatter{tableOf(profile)} << '\n';
    auto text = std::move(out).str();
    for (auto at = text.find(kForcesQuotes); at != std::string::npos; at = text.find(kForcesQuotes, at)) {
        text.erase(at, kForcesQuotes.size());
    }
    return text;
}

} // namespace

std::string profileToml(const ProductProfile& profile)
{
    return textOf<toml::toml_formatter>(profile);
}

std::string profileJson(const ProductProfile& profile)
{
    return textOf<toml::json_formatter>(profile);
}

} // namespace enroll::config

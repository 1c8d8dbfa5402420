#include "core/config/enrollment_section.h"

#include "core/base/host_text.h"
#include "core/base/written_text.h"
#include "core/config/profile_words.h"
#include "core/config/twin_section.h"
#include "core/enrollment/cloud_names.h"

#include <algorithm>

namespace enroll::config {
namespace {

using enrollment::AllocationPolicy;
using enrollment::EnrollmentSettings;
using enrollment::EnrollmentTemplate;
using enrollment::Placeholder;

/// Refuses what would make the ids of two devices the same, or one that no hub takes.
Result<void> requireUsableDeviceId(const Fields& section, const enrollment::TextPattern& id)
{
    if (!id.has(Placeholder::Serial) && !id.has(Placeholder::Registration)) {
        return section.errorAt("device_id",
                               "is the same for every device: write {serial} or {registration_id} into it");
    }
    if (id.has(Placeholder::Batch)) {
        return section.errorAt("device_id", "has {batch}, which may hold any character, and a device id may not: tags "
                                            "can hold it");
    }
    if (id.longest() > enrollment::kLongestDeviceId) {
        return section.errorAt("device_id", "can get " + std::to_string(id.longest()) +
                                                " characters long; a device id has at most " +
                                                std::to_string(enrollment::kLongestDeviceId));
    }
    if (!enrollment::isDeviceId(id.textFor({enrollment::SerialNumber{"0"}, enrollment::RegistrationId{"0"}, {}}))) {
        return section.errorAt("device_id", "has a character that no device id has: write letters, digits and " +
                                                std::string{enrollment::kDeviceIdSigns});
    }
    return {};
}

Result<void> readDeviceId(const Fields& section, enrollment::TextPattern& target)
{
    if (!section.has("device_id")) {
        return {};
    }
    std::string text;
    TRY(section.read("device_id", text, "write a text with {serial} or {registration_id} in it, or leave the key out"));
    auto pattern = enrollment::TextPattern::parse(std::move(text));
    if (!pattern.ok()) {
        return section.errorAt("device_id", pattern.error().what);
    }
    target = std::move(pattern).value();
    return requireUsableDeviceId(section, target);
}

Result<void> readIotEdge(const Fields& section, std::optional<bool>& target)
{
    bool iotEdge = false;
    TRY(section.read("iot_edge", iotEdge));
    if (section.has("iot_edge")) {
        target = iotEdge;
    }
    return {};
}

Result<void> requireUsableHubs(const Fields& section, const EnrollmentSettings& settings)
{
    const auto& hubs = settings.iotHubs;
    if (section.has("hubs") && hubs.empty()) {
        return section.errorAt("hubs", "names no hub: name one, or leave the key out to let the service choose among "
                                       "all of its own");
    }
    for (auto hub = hubs.begin(); hub != hubs.end(); ++hub) {
        if (!isHostName(*hub)) {
            return section.errorAt("hubs", "names " + quotedText(*hub) +
                                               ", which is no host name: write it as in "
                                               "\"contoso.azure-devices.net\"");
        }
        if (std::find(hubs.begin(), hub, *hub) != hub) {
            return section.errorAt("hubs", "names " + quotedText(*hub) + " twice");
        }
    }
    if (settings.allocationPolicy == AllocationPolicy::Static && hubs.size() != 1) {
        return section.errorAt("allocation", "is \"static\", with " + std::to_string(hubs.size()) +
                                                 " hubs: name in hubs the one to which every device goes");
    }
    return {};
}

Result<void> readAllocation(const Fields& section, EnrollmentSettings& settings)
{
    std::string word;
    TRY(section.readWord("allocation", word));
    if (word == allocationPolicyText(AllocationPolicy::Custom)) {
        return section.errorAt("allocation", "is \"custom\", which needs the address of a web hook, and that holds a "
                                             "secret: leave the key out, and set the policy at the service");
    }
    auto policy = AllocationPolicy::Hashed;
    TRY(section.readChoice("allocation", policy, all(kAllocations)));
    if (section.has("allocation")) {
        settings.allocationPolicy = policy;
    }
    TRY(section.read("hubs", settings.iotHubs));
    return requireUsableHubs(section, settings);
}

Result<void> readReprovision(const Fields& section, EnrollmentSettings& settings)
{
    enrollment::ReprovisionPolicy policy;
    TRY(section.readChoice("reprovision", policy, all(kReprovisions)));
    if (section.has("reprovision")) {
        settings.reprovisionPolicy = policy;
    }
    return {};
}

Result<void> readName(const Fields& section, std::string_view key, std::string& target)
{
    constexpr std::size_t kLongest = 256;
    TRY(section.read(key, target));
    if (target.size() > kLongest) {
        return section.errorAt(key, "has " + std::to_string(target.size()) + " characters: write 1 to " +
                                        std::to_string(kLongest) + ", or leave the key out");
    }
    return {};
}

/// Of the service's API 2026-11-01.
Result<void> readNames(const Fields& section, EnrollmentSettings& settings)
{
    TRY(readName(section, "namespace_name", settings.namespaceName));
    TRY(readName(section, "certificate_authority_name", settings.certificateAuthorityName));
    return readName(section, "certificate_policy_name", settings.certificatePolicyName);
}

} // namespace

Result<void> readEnrollmentSection(const Fields& top, enrollment::ProductProfile& profile)
{
    namespace limits = enrollment::twin_limits;
    TRY_ASSIGN(const auto section, top.table("enrollment"));
    TRY(section.allowOnly({"registration_id", "device_id", "iot_edge", "tags", "desired_properties", "allocation",
                           "hubs", "reprovision", "namespace_name", "certificate_authority_name",
                           "certificate_policy_name"}));
    TRY(section.readChoice("registration_id", profile.registrationIdRule, all(kIdRules)));
    auto& target = profile.enrollment;
    TRY(readDeviceId(section, target.deviceId));
    TRY(readIotEdge(section, target.settings.iotEdge));
    TRY_ASSIGN(target.tags, readTwinObject(section, "tags", limits::kTagsBytes));
    TRY_ASSIGN(target.desiredProperties, readTwinObject(section, "desired_properties", limits::kDesiredBytes));
    TRY(readAllocation(section, target.settings));
    TRY(readReprovision(section, target.settings));
    return readNames(section, target.settings);
}

} // namespace enroll::config

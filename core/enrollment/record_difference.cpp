#include "core/enrollment/record_difference.h"

#include "core/base/text.h"
#include "core/base/written_text.h"
#include "core/enrollment/registration_id.h"

namespace enroll::enrollment {
namespace {

std::string textOf(const std::string& text)
{
    return text.empty() ? "nothing" : quotedText(text);
}

std::string textOf(const std::optional<bool>& flag)
{
    return flag ? (*flag ? "true" : "false") : "nothing";
}

std::string textOf(const std::optional<AllocationPolicy>& policy)
{
    return policy ? textOf(std::string{allocationPolicyText(*policy)}) : "nothing";
}

std::string textOf(const std::vector<std::string>& hubs)
{
    return textOf(joined(hubs));
}

/// The members that differ, with both values.
class Differences {
public:
    template <class T>
    void compare(std::string_view key, const T& recorded, const T& wanted)
    {
        if (recorded != wanted) {
            add(key, textOf(recorded), textOf(wanted));
        }
    }
    void add(std::string_view key, const std::string& recorded, const std::string& wanted)
    {
        m_found.push_back(std::string{key} + " (" + recorded + " in the record, " + wanted + " by the profile)");
    }
    void addIf(bool differs, std::string_view key)
    {
        if (differs) {
            m_found.emplace_back(key);
        }
    }
    std::vector<std::string> take() { return std::move(m_found); }

private:
    std::vector<std::string> m_found;
};

} // namespace

Result<EnrollmentRecord> recordUnder(const ProductProfile& profile, const EnrollmentRecord& record)
{
    auto wanted = record;
    TRY_ASSIGN(wanted.registrationId, registrationIdFor(profile, record.serialNumber, record.endorsementKey));
    const DeviceWords words{record.serialNumber, wanted.registrationId, record.batch};
    TRY_ASSIGN(wanted.deviceId, deviceIdFor(profile.enrollment, words));
    wanted.settings = settingsFor(profile.enrollment, words);
    return wanted;
}

std::vector<std::string> differences(const EnrollmentRecord& record, const EnrollmentRecord& wanted)
{
    Differences found;
    const auto& is = record.settings;
    const auto& shall = wanted.settings;
    if (!sameRegistrationId(record.registrationId, wanted.registrationId)) {
        found.add("registration_id", textOf(record.registrationId.text()), textOf(wanted.registrationId.text()));
    }
    found.compare("device_id", record.deviceId, wanted.deviceId);
    found.compare("iot_edge", is.iotEdge, shall.iotEdge);
    found.addIf(is.twinJson != shall.twinJson, "tags or desired_properties");
    found.compare("allocation", is.allocationPolicy, shall.allocationPolicy);
    found.compare("hubs", is.iotHubs, shall.iotHubs);
    found.addIf(is.reprovisionPolicy != shall.reprovisionPolicy, "reprovision");
    found.compare("namespace_name", is.namespaceName, shall.namespaceName);
    found.compare("certificate_authority_name", is.certificateAuthorityName, shall.certificateAuthorityName);
    found.compare("certificate_policy_name", is.certificatePolicyName, shall.certificatePolicyName);
    return found.take();
}

} // namespace enroll::enrollment

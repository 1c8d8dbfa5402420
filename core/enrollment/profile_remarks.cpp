#include "core/enrollment/profile_remarks.h"

#include "core/attestation/device_sdk.h"
#include "core/attestation/finding_catalog.h"
#include "core/attestation/handle_range.h"
#include "core/base/text.h"

#include <algorithm>
#include <optional>

namespace enroll::enrollment {
namespace {

using attestation::EkChoice;
using attestation::Severity;

constexpr std::string_view kElsewhere = "ek-not-where-sdks-look";
constexpr std::string_view kNotPersistent = "ek-not-persistent";

std::string wordOf(const EkChoice& choice)
{
    const auto words = attestation::ekChoiceWords();
    const auto known = std::ranges::find(words, choice, &attestation::EkChoiceWord::choice);
    return known == words.end() ? std::string{} : std::string{known->word};
}

/// No device SDK makes a key that belongs elsewhere than where they look.
bool isShownByNoSdk(const EkChoice& choice)
{
    return *choice.row().handle != attestation::kDeviceSdkHandle;
}

/// What happens to a device that has a finding of \p severity.
std::string_view whatComesOf(Severity severity) noexcept
{
    switch (severity) {
    case Severity::Fail:
        return "fails";
    case Severity::Hold:
        return "is held";
    default:
        return "passes with a warning";
    }
}

bool keepsKey(const ProductProfile& profile) noexcept
{
    return profile.policy.persistAfterPass.endorsementKey == attestation::Persistence::PersistIfAbsent;
}

std::optional<std::string> neverPassesRemark(const ProductProfile& profile)
{
    const auto& choice = profile.policy.endorsementKey;
    const auto severity = attestation::severityOf(profile.policy, kElsewhere);
    if (!isShownByNoSdk(choice) || severity < Severity::Hold) {
        return std::nullopt;
    }
    const auto own = attestation::handleText(*choice.row().handle);
    const bool isSet = profile.policy.severities.contains(kElsewhere);
    return "endorsement_key.enroll is \"" + wordOf(choice) + "\", a key that no device SDK makes and that belongs at " +
           own + ", where none looks: each device that has it there " + std::string{whatComesOf(severity)} +
           " by the finding \"" + std::string{kElsewhere} + "\"" +
           (keepsKey(profile) ? ", and persist_if_absent = true would put it there, so that no device passes but one "
                                "that has it at " +
                                    attestation::handleText(attestation::kDeviceSdkHandle) + " alone"
                              : "") +
           ". Where the device's own software reads " + own + ", write " + std::string{kElsewhere} +
           " = \"warning\" in [findings]" + (isSet ? "" : "; until then it weighs what ek-not-persistent does");
}

std::optional<std::string> unknownSdkRemark(const ProductProfile& profile)
{
    const auto& choice = profile.policy.endorsementKey;
    const auto severity = attestation::severityOf(profile.policy, kNotPersistent);
    const auto makers = attestation::makersOf(choice.kind, profile.policy.deviceSdk);
    if (choice.rule != EkChoice::Rule::OfTemplate || keepsKey(profile) || severity < Severity::Warning ||
        makers.ofThis.empty() || makers.ofAnother.empty()) {
        return std::nullopt;
    }
    const auto looks = attestation::handleText(attestation::kDeviceSdkHandle);
    return "endorsement_key.enroll is \"" + wordOf(choice) + "\", and endorsement_key.device_sdk is not set: where " +
           looks + " is free, " + joined(makers.ofThis) + " make this key and " + joined(makers.ofAnother) +
           " another one, so that nobody can tell which key a device will show: each that does not have this one at " +
           looks + " " + std::string{whatComesOf(severity)} + " by the finding \"" + std::string{kNotPersistent} +
           "\". Name the product's in device_sdk, or write persist_if_absent = true";
}

} // namespace

std::vector<std::string> profileRemarks(const ProductProfile& profile)
{
    std::vector<std::string> remarks;
    for (auto&& remark : {neverPassesRemark(profile), unknownSdkRemark(profile)}) {
        if (remark) {
            remarks.push_back(*remark);
        }
    }
    return remarks;
}

} // namespace enroll::enrollment

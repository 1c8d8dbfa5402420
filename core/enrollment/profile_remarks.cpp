#include "core/enrollment/profile_remarks.h"

#include "core/attestation/device_sdk.h"
#include "core/attestation/finding_catalog.h"
#include "core/attestation/handle_range.h"

#include <algorithm>

namespace enroll::enrollment {
namespace {

using attestation::EkChoice;
using attestation::Severity;

constexpr std::string_view kElsewhere = "ek-not-where-sdks-look";

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

} // namespace

std::vector<std::string> profileRemarks(const ProductProfile& profile)
{
    const auto& choice = profile.policy.endorsementKey;
    const auto severity = attestation::severityOf(profile.policy, kElsewhere);
    if (!isShownByNoSdk(choice) || severity < Severity::Hold) {
        return {};
    }
    const auto own = attestation::handleText(*choice.row().handle);
    const bool keeps = profile.policy.persistAfterPass.endorsementKey == attestation::Persistence::PersistIfAbsent;
    const bool isSet = profile.policy.severities.contains(kElsewhere);
    return {
        "endorsement_key.enroll is \"" + wordOf(choice) + "\", a key that no device SDK makes and that belongs at " +
        own + ", where none looks: each device that has it there " +
        (severity == Severity::Fail ? "fails" : "is held") + " by the finding \"" + std::string{kElsewhere} + "\"" +
        (keeps ? ", and persist_if_absent = true would put it there, so that no device passes but one that has it at " +
                     attestation::handleText(attestation::kDeviceSdkHandle) + " alone"
               : "") +
        ". Where the device's own software reads " + own + ", write " + std::string{kElsewhere} +
        " = \"warning\" in [findings]" + (isSet ? "" : "; until then it weighs what ek-not-persistent does")};
}

} // namespace enroll::enrollment

#include "core/enrollment/profile_remarks.h"

#include "core/attestation/device_sdk.h"
#include "core/attestation/finding_catalog.h"
#include "core/attestation/handle_range.h"

#include <algorithm>

namespace enroll::enrollment {
namespace {

using attestation::EkChoice;
using attestation::Severity;

std::string wordOf(const EkChoice& choice)
{
    const auto words = attestation::ekChoiceWords();
    const auto known = std::ranges::find(words, choice, &attestation::EkChoiceWord::choice);
    return known == words.end() ? std::string{} : std::string{known->word};
}

/// A device that keeps the key at another handle never passes, and one that keeps it nowhere shows another key.
bool isShownByNoSdk(const EkChoice& choice)
{
    return *choice.row().handle != attestation::kDeviceSdkHandle; // nor makes any a key of such a row
}

} // namespace

std::vector<std::string> profileRemarks(const ProductProfile& profile)
{
    const auto& choice = profile.policy.endorsementKey;
    const auto severity = attestation::severityOf(profile.policy, "ek-not-where-sdks-look");
    if (!isShownByNoSdk(choice) || severity < Severity::Hold) {
        return {};
    }
    const auto looks = attestation::handleText(attestation::kDeviceSdkHandle);
    const auto* end = severity == Severity::Fail ? "fails" : "is held";
    return {
        "endorsement_key.enroll is \"" + wordOf(choice) +
        "\", which no device SDK makes, so that each device whose key is not at " + looks + " " + end +
        " by the finding \"ek-not-where-sdks-look\". Where the device's own software reads another handle, write "
        "ek-not-where-sdks-look = \"warning\" in [findings]. It weighs what ek-not-persistent does unless it is set"};
}

} // namespace enroll::enrollment

#include "core/attestation/key_findings.h"

#include "core/attestation/device_sdk.h"
#include "core/attestation/handle_range.h"
#include "core/base/text.h"

namespace enroll::attestation {
namespace {

constexpr std::string_view kElsewhere = "ek-not-where-sdks-look";

/// Who shows another key to the cloud than the one of \p reading, which is persistent nowhere.
std::string whoShowsAnother(const EndorsementKeyReading& reading, const DeviceSdkMakers& makers)
{
    const auto looks = handleText(kDeviceSdkHandle);
    if (reading.otherKeyAt) {
        return ": device SDKs take the other key at " + looks + ", show that one to the cloud, and are refused.";
    }
    const auto another = ": where " + looks +
                         " is free, another key is made and shown to the cloud, which refuses it, by " +
                         joined(makers.ofAnother);
    return makers.ofThis.empty()
               ? another + "."
               : another + "; this one by " + joined(makers.ofThis) +
                     ". Make it persistent there, or name the product's in endorsement_key.device_sdk.";
}

std::string whyNotKept(const EndorsementKeyReading& reading, bool keeps)
{
    if (reading.handleTaken) {
        return ", and another object lies where it belongs";
    }
    return keeps ? ", and stays out of it because no trusted certificate is for it" : "";
}

/// \param lies    the key's handle, at which no device SDK looks
/// \param isKept  a PASS makes it persistent there
std::string whyNotShown(std::uint32_t lies, bool isKept, const EndorsementKeyReading& reading)
{
    const auto looks = handleText(kDeviceSdkHandle);
    const auto begin = (isKept ? "The key would be kept at " : "The key lies at ") + handleText(lies);
    if (reading.otherKeyAt) {
        return begin + ", and device SDKs take the other one at " + looks +
               ", show that to the cloud, and are refused. Enroll the key there, or put this one in its place, unless "
               "the device's own software reads the other handle.";
    }
    const auto* cure = isKept ? "Make it persistent there" : "Move it there";
    return begin + ", and device SDKs look at " + looks +
           " alone: one that does not find it there makes a key, shows that one to the cloud, and is refused. " + cure +
           ", unless the device's own software reads the other handle.";
}

} // namespace

std::vector<Finding> keyFindings(const EndorsementKeyReading& reading, const AttestationPolicy& policy)
{
    std::vector<Finding> found;
    if (reading.otherKeyAt) {
        found.push_back(makeFinding(policy, "ek-other-at-handle",
                                    "Another key than the profile's is persistent at " +
                                        handleText(*reading.otherKeyAt) +
                                        ": a device SDK that takes the key there shows that one to the cloud."));
    }
    if (reading.certifiedKeyAt) {
        found.push_back(makeFinding(policy, "ek-certified-at-other-handle",
                                    "The certificate is for the key at " + handleText(*reading.certifiedKeyAt) +
                                        ", not for the one that the profile enrolls."));
    }
    if (!reading.recipeUnreadable.empty()) {
        found.push_back(makeFinding(
            policy, "nv-index-not-readable",
            "The key was made without what the TPM's maker may have left for it: " + reading.recipeUnreadable + "."));
    }
    return found;
}

std::string copyText(const EndorsementKeyReading& reading, const AttestationPolicy& policy)
{
    const auto own = handleText(reading.source.persistentHandle.value_or(*policy.endorsementKey.row().handle));
    const auto looks = handleText(kDeviceSdkHandle);
    const bool isForSdks = severityOf(policy, kElsewhere) >= Severity::Hold;
    return "The key lies at " + own + " and shows at " + looks +
           " as well: nobody can tell a copy from another key that a part on the line hides. " +
           (isForSdks ? "Evict it at " + own + ": device SDKs use the one that stays."
                      : "Evict it at " + looks + ", or, for a device SDK to use it, at " + own + ".");
}

std::vector<Finding> persistenceFindings(const EndorsementKeyReading& reading, bool certified,
                                         const AttestationPolicy& policy)
{
    const bool keeps = policy.persistAfterPass.endorsementKey == Persistence::PersistIfAbsent;
    const bool isKept = keeps && certified && !reading.handleTaken && !reading.source.persistentHandle;
    const auto lies = isKept ? std::optional{*policy.endorsementKey.row().handle} : reading.source.persistentHandle;
    const auto makers = makersOf(reading.templateKind, policy.deviceSdk);
    const bool isMadeInTheField = !makers.ofThis.empty() && makers.ofAnother.empty() && !reading.otherKeyAt;
    if (lies == kDeviceSdkHandle || isMadeInTheField) {
        return {};
    }
    if (lies) {
        return {makeFinding(policy, kElsewhere,
                            reading.copyAt ? copyText(reading, policy) : whyNotShown(*lies, isKept, reading))};
    }
    return {makeFinding(policy, "ek-not-persistent",
                        "The key is not persistent in the TPM" + whyNotKept(reading, keeps) +
                            whoShowsAnother(reading, makers))};
}

} // namespace enroll::attestation

#include "core/attestation/key_findings.h"

#include "core/attestation/handle_range.h"

namespace enroll::attestation {
namespace {

std::string whyNotKept(const EndorsementKeyReading& reading, bool keeps)
{
    if (reading.handleTaken) {
        return ", and another object lies where it belongs";
    }
    return keeps ? ", and stays out of it because no trusted certificate is for it" : "";
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

std::vector<Finding> persistenceFindings(const EndorsementKeyReading& reading, bool certified,
                                         const AttestationPolicy& policy)
{
    const bool keeps = policy.persistAfterPass.endorsementKey == Persistence::PersistIfAbsent;
    const bool stays = reading.source.persistentHandle.has_value() || (keeps && certified && !reading.handleTaken);
    const bool isMadeInTheField = policy.endorsementKey.rule == EkChoice::Rule::OfTemplate &&
                                  deviceSdksMake(reading.templateKind) && !reading.otherKeyAt;
    if (stays || isMadeInTheField) {
        return {};
    }
    return {
        makeFinding(policy, "ek-not-persistent",
                    "The key is not persistent in the TPM" + whyNotKept(reading, keeps) +
                        ": a device SDK that does not find it makes a key from a template of its own, shows that one "
                        "to the cloud, and is refused.")};
}

} // namespace enroll::attestation

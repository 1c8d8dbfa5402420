#include "core/attestation/verdict.h"

#include "core/attestation/handle_range.h"
#include "core/base/text.h"

#include <algorithm>

namespace enroll::attestation {
namespace {

std::string triesText(const TpmState& state)
{
    return std::to_string(state.failedTries) + " of " + std::to_string(state.triesAllowed) +
           " allowed tries are used, by a wrong password or by power that went while a protected key was in use";
}

} // namespace

std::vector<Finding> stateFindings(const TpmState& state, bool softwareTpm, const AttestationPolicy& policy)
{
    std::vector<Finding> found;
    const auto add = [&found, &policy](bool met, std::string_view id, std::string text) {
        if (met) {
            found.push_back(makeFinding(policy, id, std::move(text)));
        }
    };
    add(state.lockedOut, "tpm-locked-out", "The TPM came locked out: " + triesText(state) + ".");
    add(state.storageHierarchyOff, "tpm-hierarchy-off", "The TPM's storage hierarchy is switched off.");
    add(state.endorsementHierarchyOff, "tpm-hierarchy-off", "The TPM's endorsement hierarchy is switched off.");
    const auto holders = passwordHolders(state);
    add(!holders.empty(), "tpm-password-set", "A password is set for " + holders + ": somebody has owned this TPM.");
    add(state.failedTries > 0 && !state.lockedOut, "tpm-failed-tries",
        "The TPM counts towards lockout: " + triesText(state) + ".");
    const std::string seed{"The TPM made its endorsement seed itself, so its maker certified none of its keys."};
    if (state.seedMadeByTpm && softwareTpm) {
        found.push_back(makeFinding(policy, "tpm-seed-not-makers", Severity::Info, seed));
    }
    add(state.seedMadeByTpm && !softwareTpm, "tpm-seed-not-makers", seed);
    return found;
}

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
    const bool stays = policy.persistAfterPass.endorsementKey == Persistence::PersistIfAbsent ||
                       reading.source.persistentHandle.has_value();
    if (!stays && policy.endorsementKey.rule == EkChoice::Rule::AtHandle) {
        found.push_back(
            makeFinding(policy, "ek-not-persistent",
                        "The key is not persistent in the TPM: a device SDK that makes its own from another "
                        "template shows that one to the cloud, and is refused."));
    }
    return found;
}

Verdict judge(std::span<const Finding> findings) noexcept
{
    const auto decide = [findings](Severity severity) {
        return std::ranges::find(findings, severity, &Finding::severity);
    };
    if (const auto fail = decide(Severity::Fail); fail != findings.end()) {
        return {Outcome::Fail, knownIn(fail->code)};
    }
    if (const auto hold = decide(Severity::Hold); hold != findings.end()) {
        return {Outcome::Hold, knownIn(hold->code)};
    }
    return {Outcome::Pass, {}};
}

} // namespace enroll::attestation

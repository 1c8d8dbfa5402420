#include "core/attestation/verdict.h"

#include "core/base/text.h"

#include <algorithm>

namespace enroll::attestation {
namespace {

std::string triesText(const TpmState& state)
{
    return std::to_string(state.failedTries) + " of " + std::to_string(state.triesAllowed) +
           " allowed tries are used, by a wrong password or by power that went while a protected key was in use";
}

bool isOfAComparison(const Finding& finding) noexcept
{
    const auto code = knownIn(finding.code);
    return code && code->family() == CodeFamily::Hold;
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
    const std::string seed{"The TPM made its endorsement seed itself, so no certificate of its keys can come from the "
                           "chip's maker; one that it holds was issued later."};
    if (state.seedMadeByTpm && softwareTpm) {
        found.push_back(makeFinding(policy, "tpm-seed-not-makers", Severity::Info, seed));
    }
    add(state.seedMadeByTpm && !softwareTpm, "tpm-seed-not-makers", seed);
    return found;
}

Verdict judge(std::span<const Finding> findings) noexcept
{
    const auto decide = [findings](Severity severity) {
        const auto compared = std::ranges::find_if(findings, [severity](const Finding& finding) {
            return finding.severity == severity && isOfAComparison(finding);
        });
        return compared != findings.end() ? compared : std::ranges::find(findings, severity, &Finding::severity);
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

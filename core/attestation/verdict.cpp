#include "core/attestation/verdict.h"

#include "core/base/text.h"

#include <algorithm>

namespace enroll::attestation {
namespace {

/// How much a fault of the certificate weighs, given how much a certificate is wanted at all.
Severity certificateSeverity(CertificateRequirement requirement, Severity whenRequired) noexcept
{
    return requirement == CertificateRequirement::None ? std::min(whenRequired, Severity::Warning) : whenRequired;
}

Severity severityOf(OnFinding rule) noexcept
{
    switch (rule) {
    case OnFinding::Accept:
        return Severity::Info;
    case OnFinding::Warning:
        return Severity::Warning;
    case OnFinding::Hold:
        return Severity::Hold;
    case OnFinding::Fail:
        return Severity::Fail;
    }
    return Severity::Fail;
}

Finding unreadableCertificate(const Error& fault, const AttestationPolicy& policy)
{
    return makeFinding(policy.severities, "ek-certificate-malformed",
                       certificateSeverity(policy.certificate, Severity::Hold),
                       "The EK certificate cannot be read: " + fault.what + ".");
}

Finding missingCertificate(const AttestationPolicy& policy)
{
    const auto severity =
        policy.certificate == CertificateRequirement::None ? Severity::Info : severityOf(policy.onMissingCertificate);
    return makeFinding(policy.severities, "ek-certificate-missing", severity,
                       "The TPM holds no certificate for its endorsement key.");
}

void addKeyMatch(std::vector<Finding>& found, const EkCertificateEvidence& certificate, const AttestationPolicy& policy)
{
    if (!certificate.matchesKey) {
        found.push_back(makeFinding(policy.severities, "ek-certificate-wrong-key",
                                    certificateSeverity(policy.certificate, Severity::Hold),
                                    "The EK certificate was issued for another key than the one the TPM presents."));
    }
}

Severity pathSeverity(CertificateRequirement requirement) noexcept
{
    switch (requirement) {
    case CertificateRequirement::Trusted:
        return Severity::Hold;
    case CertificateRequirement::Present:
        return Severity::Warning;
    case CertificateRequirement::None:
        return Severity::Info;
    }
    return Severity::Hold;
}

void addPath(std::vector<Finding>& found, const AttestationFacts& facts, const AttestationPolicy& policy)
{
    const auto path = facts.endorsementKey->certificate->path;
    if (path == crypto::PathResult::Trusted) {
        return;
    }
    const auto reason = facts.certificatePath ? facts.certificatePath->reason : "the path was not checked";
    const bool unknown = path == crypto::PathResult::UnknownIssuer;
    found.push_back(makeFinding(policy.severities,
                                unknown ? "ek-certificate-unknown-issuer" : "ek-certificate-path-invalid",
                                pathSeverity(policy.certificate),
                                (unknown ? "No trusted authority is known to have issued the EK certificate: "
                                         : "The EK certificate does not lead to a trusted authority: ") +
                                    reason + "."));
}

void addDates(std::vector<Finding>& found, const crypto::Certificate& certificate, const AttestationPolicy& policy,
              UtcTime now)
{
    if (now >= certificate.notBefore() && now <= certificate.notAfter()) {
        return;
    }
    const auto severity = certificateSeverity(policy.certificate, severityOf(policy.onExpiredCertificate));
    found.push_back(makeFinding(policy.severities, "ek-certificate-expired", severity,
                                "The EK certificate is valid from " + toIso8601(certificate.notBefore()) + " to " +
                                    toIso8601(certificate.notAfter()) + ", not now."));
}

std::string manufacturerAttribute(std::uint32_t manufacturerId)
{
    return "id:" + toHex(ByteWriter{}.u32(manufacturerId).view());
}

/// A maker's authority issues other certificates too: trust in it says nothing of one that was made for another use.
void addPurpose(std::vector<Finding>& found, const crypto::Certificate& certificate, const AttestationPolicy& policy)
{
    const auto severity = policy.certificate == CertificateRequirement::Trusted ? Severity::Hold : Severity::Warning;
    const auto add = [&found, &policy, severity](std::string_view id, std::string text) {
        found.push_back(makeFinding(policy.severities, id, severity, std::move(text)));
    };
    if (certificate.hasExtendedKeyUsage() && !certificate.hasEkCertificateUsage()) {
        add("ek-certificate-usage", "The certificate was issued for another use than an EK certificate's.");
    }
    if (!certificate.keyUsageFitsEndorsementKey()) {
        add("ek-certificate-key-usage", "The certificate's key usage is not an endorsement key's.");
    }
    if (certificate.claimsToBeAuthority()) {
        add("ek-certificate-authority", "The certificate is a certificate authority's, not an endorsement key's.");
    }
}

/// Real certificates leave out what the EK certificate profile asks for, or name the maker in another way: each is
/// worth knowing, none decides.
void addProfileWarnings(std::vector<Finding>& found, const crypto::Certificate& certificate,
                        const AttestationFacts& facts, const AttestationPolicy& policy)
{
    if (!certificate.hasExtendedKeyUsage()) {
        found.push_back(makeFinding(policy.severities, "ek-certificate-usage", Severity::Warning,
                                    "The certificate does not say that it is an EK certificate."));
    }
    const auto attributes = certificate.tpmDeviceAttributes();
    if (attributes && facts.tpm &&
        !equalWithoutCase(attributes->manufacturer, manufacturerAttribute(facts.tpm->manufacturerId))) {
        found.push_back(makeFinding(policy.severities, "ek-certificate-manufacturer", Severity::Warning,
                                    "The certificate names " + attributes->manufacturer + " as maker, the TPM " +
                                        manufacturerAttribute(facts.tpm->manufacturerId) + "."));
    }
}

std::vector<Finding> presentCertificateFindings(const AttestationFacts& facts, const AttestationPolicy& policy,
                                                UtcTime now)
{
    std::vector<Finding> found;
    const auto& evidence = *facts.endorsementKey->certificate;
    addKeyMatch(found, evidence, policy);
    addPath(found, facts, policy);
    const auto certificate = crypto::Certificate::fromDer(evidence.der);
    if (!certificate.ok()) { // what was not looked at is no reason to pass
        found.push_back(unreadableCertificate(certificate.error(), policy));
        return found;
    }
    addDates(found, *certificate, policy, now);
    addPurpose(found, *certificate, policy);
    addProfileWarnings(found, *certificate, facts, policy);
    return found;
}

std::string triesText(const TpmState& state)
{
    return std::to_string(state.failedTries) + " of " + std::to_string(state.triesAllowed) +
           " allowed tries with a wrong password are used";
}

bool listed(const std::vector<std::string>& makers, const std::string& maker) noexcept
{
    return makers.empty() || std::ranges::find(makers, maker) != makers.end();
}

} // namespace

std::vector<Finding> identityFindings(const TpmIdentity& identity, const AttestationPolicy& policy)
{
    std::vector<Finding> found;
    if (identity.software) {
        found.push_back(makeFinding(policy.severities, "software-tpm",
                                    policy.allowSoftware ? Severity::Warning : Severity::Fail,
                                    "This is a software TPM: nothing protects its keys."));
    }
    if (!listed(policy.allowedManufacturers, identity.manufacturer)) {
        found.push_back(makeFinding(policy.severities, "manufacturer-not-allowed", Severity::Hold,
                                    "The profile does not list the maker '" + identity.manufacturer + "'."));
    }
    return found;
}

std::vector<Finding> stateFindings(const TpmState& state, bool softwareTpm, const AttestationPolicy& policy)
{
    std::vector<Finding> found;
    const auto add = [&found, &policy](bool met, std::string_view id, Severity usual, std::string text) {
        if (met) {
            found.push_back(makeFinding(policy.severities, id, usual, std::move(text)));
        }
    };
    add(state.lockedOut, "tpm-locked-out", Severity::Hold, "The TPM came locked out: " + triesText(state) + ".");
    add(state.storageHierarchyOff, "tpm-hierarchy-off", Severity::Hold, "The TPM's storage hierarchy is switched off.");
    add(state.endorsementHierarchyOff, "tpm-hierarchy-off", Severity::Hold,
        "The TPM's endorsement hierarchy is switched off.");
    const auto holders = passwordHolders(state);
    add(!holders.empty(), "tpm-password-set", Severity::Info,
        "A password is set for " + holders + ": somebody has owned this TPM.");
    add(state.seedMadeByTpm, "tpm-seed-not-makers", softwareTpm ? Severity::Info : Severity::Hold,
        "The TPM made its endorsement seed itself, so its maker certified none of its keys.");
    return found;
}

std::vector<Finding> keyFindings(const EndorsementKeyReading& reading, const AttestationPolicy& policy)
{
    if (!reading.otherKeyAt) {
        return {};
    }
    return {makeFinding(policy.severities, "ek-other-at-handle", Severity::Info,
                        "Another key than the profile's is persistent at 0x" +
                            toHex(ByteWriter{}.u32(*reading.otherKeyAt).view()) +
                            ": a device SDK that takes the key there shows that one to the cloud.")};
}

std::vector<Finding> certificateFindings(const AttestationFacts& facts, const AttestationPolicy& policy, UtcTime now)
{
    if (!facts.endorsementKey) {
        return {};
    }
    if (facts.certificateFault) {
        return {unreadableCertificate(*facts.certificateFault, policy)};
    }
    if (!facts.endorsementKey->certificate) {
        return {missingCertificate(policy)};
    }
    return presentCertificateFindings(facts, policy, now);
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

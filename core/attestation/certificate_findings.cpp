#include "core/attestation/certificate_findings.h"

#include "core/attestation/certificate_lookup.h"
#include "core/attestation/maker_findings.h"
#include "core/base/device_code.h"
#include "core/base/text.h"

#include <algorithm>

namespace enroll::attestation {
namespace {

Finding unreadableCertificate(const Error& fault, const AttestationPolicy& policy)
{
    return makeFinding(policy, "ek-certificate-malformed", "The EK certificate cannot be read: " + fault.what + ".");
}

/// " The TPM's maker may …": where a person can ask for the certificate.
std::string lookupText(const AttestationFacts& facts)
{
    const auto area = parsePublic(facts.endorsementKey->publicArea);
    const auto url = facts.tpm && area.ok() ? certificateLookupUrl(facts.tpm->manufacturerId, *area)
                                            : Result<std::optional<std::string>>{std::nullopt};
    return url.ok() && *url ? " Its maker may give one out at " + **url + " (not fetched)." : std::string{};
}

Finding missingCertificate(const AttestationFacts& facts, const AttestationPolicy& policy, const std::string& why)
{
    return makeFinding(policy, "ek-certificate-missing",
                       "The TPM holds no certificate for its endorsement key" + (why.empty() ? "" : ": " + why) + "." +
                           lookupText(facts));
}

void addUnreadable(std::vector<Finding>& found, const AttestationFacts& facts, const AttestationPolicy& policy)
{
    if (facts.besideCertificate) {
        found.push_back(makeFinding(policy, "ek-certificate-partly-unreadable",
                                    "Something beside the EK certificate in its NV index cannot be read: " +
                                        facts.besideCertificate->what + "."));
    }
}

/// " The TPM made …" where that is why no key of the TPM can be the certificate's; every software TPM makes its seed itself.
std::string lostKeyText(const AttestationFacts& facts)
{
    const bool made = facts.tpmState && facts.tpmState->seedMadeByTpm && facts.tpm && !facts.tpm->software;
    return made ? " The TPM made its endorsement seed itself: a certificate of the chip's maker is for a key that it "
                  "had "
                  "before."
                : "";
}

void addKeyMatch(std::vector<Finding>& found, const AttestationFacts& facts, const AttestationPolicy& policy)
{
    if (!facts.endorsementKey->certificate->matchesKey) {
        found.push_back(makeFinding(policy, "ek-certificate-wrong-key",
                                    "The EK certificate was issued for another key than the one the TPM presents." +
                                        lostKeyText(facts)));
    }
}

/// "ek-certificate-sha1": each remark on a path is a finding of that name.
std::string findingOf(crypto::PathRemark remark)
{
    return "ek-certificate-" + std::string{crypto::pathRemarkText(remark)};
}

bool isRevoked(const AttestationFacts& facts)
{
    return facts.certificatePath && std::ranges::find(facts.certificatePath->notes, crypto::PathRemark::Revoked,
                                                      &crypto::PathNote::remark) != facts.certificatePath->notes.end();
}

/// " The missing authority is …": what a person needs to find it.
std::string missingText(const std::optional<MissingIssuer>& missing)
{
    if (!missing) {
        return {};
    }
    auto text = " The missing authority is '" + missing->name + "', " +
                (missing->keyId.empty() ? "of no stated key id" : "of the key id " + missing->keyId);
    if (!missing->addresses.empty()) {
        text += "; the certificate says that it is at " + joined(missing->addresses) + " (not fetched)";
    }
    return text + ". Get it from the TPM's maker and import it.";
}

void addPath(std::vector<Finding>& found, const AttestationFacts& facts, const AttestationPolicy& policy)
{
    const auto path = facts.endorsementKey->certificate->path;
    if (path == crypto::PathResult::Trusted || isRevoked(facts)) {
        return;
    }
    const auto reason = facts.certificatePath ? facts.certificatePath->reason : "the path was not checked";
    const bool unknown = path == crypto::PathResult::UnknownIssuer;
    found.push_back(makeFinding(policy, unknown ? "ek-certificate-unknown-issuer" : "ek-certificate-path-invalid",
                                (unknown ? "No trusted authority is known to have issued the EK certificate: "
                                         : "The EK certificate does not lead to a trusted authority: ") +
                                    reason + "." + missingText(facts.endorsementKey->certificate->missingIssuer)));
}

void addPathNotes(std::vector<Finding>& found, const AttestationFacts& facts, const AttestationPolicy& policy)
{
    if (!facts.certificatePath) {
        return;
    }
    for (const auto& note : facts.certificatePath->notes) {
        found.push_back(
            makeFinding(policy, findingOf(note.remark), "On the way to a trusted authority: " + note.text + "."));
    }
}

void addDates(std::vector<Finding>& found, const crypto::Certificate& certificate, const AttestationPolicy& policy,
              UtcTime now)
{
    const auto from = certificate.notBefore();
    const auto until = certificate.notAfter();
    const auto add = [&](std::string_view id, const char* why) {
        found.push_back(makeFinding(
            policy, id, "The EK certificate is valid from " + toIso8601(from) + " to " + toIso8601(until) + why));
    };
    if (until < from) {
        add("ek-certificate-dates", ", which is no span of time.");
    } else if (now < from) {
        add("ek-certificate-not-yet-valid", ", not yet. Is the station's clock right?");
    } else if (now > until) {
        add("ek-certificate-expired", ", not any more.");
    }
}

/// A maker's authority issues other certificates too: trust in it says nothing of one that was made for another use.
/// Real EK certificates leave out one or another thing that tells them from those; one without all three could be any.
void addPurpose(std::vector<Finding>& found, const crypto::Certificate& certificate, const AttestationPolicy& policy)
{
    const auto add = [&found, &policy](bool met, std::string_view id, std::string text) {
        if (met) {
            found.push_back(makeFinding(policy, id, std::move(text)));
        }
    };
    const bool hasUsage = certificate.hasExtendedKeyUsage();
    const bool bare = !hasUsage && !certificate.tpmDeviceAttributes() && !certificate.hasKeyUsage();
    add(certificate.version() < 3, "ek-certificate-version",
        "The certificate is of X.509 version " + std::to_string(certificate.version()) +
            ", which cannot say what it was issued for. Ask the TPM's maker for one of version 3.");
    add(bare, "ek-certificate-bare",
        "The certificate has neither key usages nor a TPM's maker in it: nothing says that it is an EK certificate. "
        "Ask the TPM's maker whether it is.");
    add(hasUsage && !certificate.hasEkCertificateUsage(), "ek-certificate-usage",
        "The certificate was issued for another use than an EK certificate's. Look for the EK certificate in another "
        "NV index, or ask the TPM's maker for it.");
    add(!hasUsage && !bare, "ek-certificate-no-usage",
        "The certificate does not say in its extended key usage that it is an EK certificate.");
    const auto keyUsage = certificate.endorsementKeyUsage();
    add(keyUsage == crypto::EndorsementKeyUsage::Other, "ek-certificate-key-usage",
        "The certificate's key usage is not an endorsement key's. Ask the TPM's maker what it was issued for.");
    add(keyUsage == crypto::EndorsementKeyUsage::OfOtherAlgorithm, "ek-certificate-key-usage-odd",
        "The certificate's key usage is that of an endorsement key of another algorithm.");
    add(certificate.claimsToBeAuthority(), "ek-certificate-authority",
        "The certificate is a certificate authority's, not an endorsement key's. Look for the EK certificate in "
        "another NV index.");
}

std::vector<Finding> presentCertificateFindings(const AttestationFacts& facts, const AttestationPolicy& policy,
                                                UtcTime now)
{
    std::vector<Finding> found;
    const auto& evidence = *facts.endorsementKey->certificate;
    addUnreadable(found, facts, policy);
    addKeyMatch(found, facts, policy);
    addPath(found, facts, policy);
    addPathNotes(found, facts, policy);
    const auto certificate = crypto::Certificate::fromDer(evidence.der);
    if (!certificate.ok()) { // what was not looked at is no reason to pass
        found.push_back(unreadableCertificate(certificate.error(), policy));
        return found;
    }
    addDates(found, *certificate, policy, now);
    addPurpose(found, *certificate, policy);
    std::ranges::move(certifiedMakerFindings(*certificate, facts.tpm, policy), std::back_inserter(found));
    return found;
}

} // namespace

std::vector<Finding> certificateFindings(const AttestationFacts& facts, const AttestationPolicy& policy, UtcTime now)
{
    if (!facts.endorsementKey) {
        return {};
    }
    const auto& fault = facts.certificateFault;
    if (fault && fault->code == DeviceCode::EkCertificateMissing) {
        return {missingCertificate(facts, policy, fault->what)};
    }
    if (fault) {
        return {unreadableCertificate(*fault, policy)};
    }
    if (!facts.endorsementKey->certificate) {
        return {missingCertificate(facts, policy, {})};
    }
    return presentCertificateFindings(facts, policy, now);
}

std::vector<Finding> chainFindings(const StoredCertificates& stored, const AttestationPolicy& policy)
{
    std::vector<Finding> found;
    for (const auto& why : stored.unreadable) {
        found.push_back(
            makeFinding(policy, "nv-index-not-readable",
                        "The certificate of an issuer may be where the TPM gives out nothing: " + why + "."));
    }
    return found;
}

} // namespace enroll::attestation

#include "core/enrollment/ek_lens.h"

#include "core/attestation/certificate_findings.h"
#include "core/attestation/ek_certificate.h"
#include "core/attestation/key_findings.h"
#include "core/base/cancellation.h"
#include "core/base/device_code.h"
#include "core/crypto/digest.h"
#include "core/enrollment/registration_id.h"

#include <iterator>

namespace enroll::enrollment {
namespace {

using attestation::EndorsementKeyReading;
using attestation::PublicArea;

/// The rules for a key that is not the enrolled one: no other becomes persistent.
LensRules keepingNone(LensRules rules)
{
    rules.policy.persistAfterPass.endorsementKey = attestation::Persistence::LeaveAsIs;
    return rules;
}

Result<EkLens> read(attestation::DeviceTpm& tpm, const LensRules& rules, const std::stop_token& stop)
{
    TRY(requireNotCancelled(stop));
    TRY(tpm.connect());
    EkLens lens;
    TRY_ASSIGN(lens.tpm, tpm.identify());
    TRY_ASSIGN(lens.state, tpm.readState());
    TRY(requireNotCancelled(stop));
    TRY_ASSIGN(const auto survey, tpm.readAllEndorsementKeys(rules.policy.endorsementKey));
    TRY_ASSIGN(const auto stored, tpm.readCertificateChain());
    const auto issuers = crypto::certificatesFromNvChain(stored.der);
    const auto rulesOfOthers = keepingNone(rules);
    for (const auto& reading : survey.readings) {
        const bool isEnrolled = !survey.notChosen && &reading == &survey.readings.front();
        TRY_ASSIGN(auto key, lensKeyOf(reading, lens.tpm, issuers, isEnrolled ? rules : rulesOfOthers));
        if (key.evidence.certificate && !isCertified(key.evidence)) { // an issuer's may be among what is not given out
            std::ranges::move(attestation::chainFindings(stored, rules.policy), std::back_inserter(key.findings));
        }
        lens.keys.push_back(std::move(key));
    }
    if (lens.keys.empty()) {
        return makeError(DeviceCode::EndorsementKeyUnusable, "the TPM presents no endorsement key");
    }
    lens.enrolledFault = survey.notChosen ? survey.notChosen->what : std::string{};
    return lens;
}

/// What can be said of bytes that are no public area this program can read.
Result<LensKey> oddKey(const EndorsementKeyReading& reading, LensKey key, const Error& why)
{
    key.evidence.publicArea = reading.publicArea;
    TRY_ASSIGN(key.evidence.sha256, crypto::sha256({reading.publicArea}));
    key.evidence.algorithm = "unknown";
    key.evidence.source = reading.source;
    key.evidence.templateKind = reading.templateKind;
    key.keyFault = why.what;
    return key;
}

std::vector<std::string> namesAbove(const crypto::PathJudgement& path)
{
    std::vector<std::string> names;
    for (std::size_t i = 1; i < path.chain.size(); ++i) {
        names.push_back(path.chain[i].subject());
    }
    return names;
}

/// Judges the certificate of the reading into \p facts and \p key.
Result<void> judgeCertificate(const EndorsementKeyReading& reading, const PublicArea& area,
                              std::span<const crypto::Certificate> issuers, const LensRules& rules,
                              attestation::AttestationFacts& facts, LensKey& key)
{
    if (!reading.certificateNv) {
        key.certificateFault = reading.certificateUnreadable;
        facts.certificateFault = attestation::whyNoCertificate(reading);
        return {};
    }
    TRY_ASSIGN(auto judged,
               attestation::judgeEkCertificate(*reading.certificateNv, area, rules.anchors, issuers, rules.now));
    key.evidence.certificate = std::move(judged.evidence);
    if (judged.path) {
        key.certificatePath = namesAbove(*judged.path);
    }
    if (judged.fault) {
        key.certificateFault = judged.fault->what;
    }
    facts.certificateFault = std::move(judged.fault);
    facts.besideCertificate = std::move(judged.unreadable);
    facts.certificatePath = std::move(judged.path);
    return {};
}

} // namespace

Result<LensKey> lensKeyOf(const EndorsementKeyReading& reading, const attestation::TpmIdentity& tpm,
                          std::span<const crypto::Certificate> issuers, const LensRules& rules)
{
    LensKey key;
    TRY_ASSIGN(key.registrationId, registrationIdFromEk(reading.publicArea));
    key.certificateIndex = reading.certificateNv ? reading.certificateIndex : std::nullopt;
    const auto area = attestation::parsePublic(reading.publicArea);
    if (!area.ok()) {
        return oddKey(reading, std::move(key), area.error());
    }
    TRY_ASSIGN(key.evidence, attestation::endorsementKeyEvidence(reading));
    if (const auto stated = attestation::statedKeyOf(*area); stated.ok()) {
        TRY_ASSIGN(key.weaknesses, crypto::weaknessesOf(*stated));
    }
    if (const auto usable = attestation::publicKeyOf(*area); !usable.ok()) {
        key.keyFault = usable.error().what; // and no certificate can be for it
        return key;
    }
    attestation::AttestationFacts facts;
    TRY(judgeCertificate(reading, *area, issuers, rules, facts, key));
    facts.tpm = tpm;
    facts.endorsementKey = key.evidence;
    key.findings = attestation::certificateFindings(facts, rules.policy, rules.now);
    std::ranges::move(attestation::keyFindings(reading, rules.policy), std::back_inserter(key.findings));
    std::ranges::move(attestation::persistenceFindings(reading, isCertified(key.evidence), rules.policy),
                      std::back_inserter(key.findings));
    return key;
}

Result<EkLens> lookAtEndorsementKeys(attestation::DeviceTpm& tpm, const LensRules& rules, const std::stop_token& stop)
{
    auto lens = read(tpm, rules, stop);
    const auto released = tpm.release();
    if (lens.ok() && !released.ok()) {
        return released.error();
    }
    return lens;
}

} // namespace enroll::enrollment

#include "core/attestation/attest_device.h"

#include "core/attestation/certificate_findings.h"
#include "core/attestation/ek_certificate.h"
#include "core/attestation/ek_template_phrase.h"
#include "core/attestation/key_findings.h"
#include "core/attestation/maker_findings.h"
#include "core/attestation/other_keys.h"
#include "core/attestation/step_trail.h"
#include "core/attestation/test_attestation.h"
#include "core/base/device_code.h"
#include "core/base/text.h"
#include "core/base/written_text.h"
#include "core/crypto/weak_keys.h"

#include <algorithm>

namespace enroll::attestation {
namespace {

struct Session {
    const AttestationOrder& order;
    DeviceTpm& tpm;
    AttestationReport& report;
    StepTrail& steps;
};

/// Adds what was found in the open step, and lets the step say so.
void add(Session& session, std::vector<Finding> found)
{
    std::vector<std::string> ids;
    for (auto& finding : found) {
        finding.step = session.steps.current();
        if (finding.severity != Severity::Info) {
            ids.push_back(finding.id);
        }
    }
    if (!ids.empty()) {
        session.steps.note(StepOutcome::Finding, joined(ids));
    }
    std::ranges::move(found, std::back_inserter(session.report.findings));
}

/// Before anything that was read is judged: of a device that is none of those meant, nothing else counts.
Result<void> askSerial(Session& session)
{
    if (!session.order.announcementCheck) {
        return {};
    }
    TRY_ASSIGN(auto said, session.tpm.announcedSerial());
    session.report.facts.announcedSerial = said;
    TRY(session.order.announcementCheck(said));
    session.steps.note(StepOutcome::Ok, "says " + said.value_or(std::string{}));
    return {};
}

/// Error D-148 unless the device says what it said at first: another one may have taken its place on the line.
Result<void> askSerialAgain(Session& session)
{
    if (!session.order.announcementCheck) {
        return {};
    }
    const auto& before = session.report.facts.announcedSerial;
    TRY_ASSIGN(const auto now, session.tpm.announcedSerial());
    if (now == before) {
        return {};
    }
    return makeError(DeviceCode::SaidSerialChanged,
                     "the device said that it is " + quotedText(before.value_or(std::string{})) + ", and " +
                         (now ? "then that it is " + quotedText(*now) : std::string{"then nothing"}));
}

Result<void> identify(Session& session)
{
    TRY_ASSIGN(session.report.facts.tpm, session.tpm.identify());
    const auto& identity = *session.report.facts.tpm;
    session.steps.note(StepOutcome::Ok, identity.manufacturer + " " + identity.vendorString + " " + identity.firmware);
    add(session, identityFindings(identity, session.order.policy));
    TRY_ASSIGN(session.report.facts.tpmState, session.tpm.readState());
    add(session, stateFindings(*session.report.facts.tpmState, identity.software, session.order.policy));
    return {};
}

Result<EndorsementKeyReading> readEndorsementKey(Session& session)
{
    TRY_ASSIGN(auto reading, session.tpm.readEndorsementKey(session.order.policy.endorsementKey));
    TRY_ASSIGN(session.report.facts.endorsementKey, endorsementKeyEvidence(reading));
    session.steps.note(StepOutcome::Ok, session.report.facts.endorsementKey->algorithm + " " +
                                            ekSourceText(reading.source) + " " +
                                            ekTemplatePhrase(reading.templateKind, reading.publicArea));
    add(session, keyFindings(reading, session.order.policy));
    if (session.order.keyReader) {
        session.order.keyReader(*session.report.facts.endorsementKey);
    }
    return reading;
}

/// True where another certificate of an issuer could lead further. Not where the maker revoked one: what a device brings
/// does not outweigh that.
bool wantsOtherIssuers(const crypto::PathJudgement& path)
{
    const auto has = [&path](const auto& isMeant) {
        return std::ranges::any_of(path.notes, isMeant, &crypto::PathNote::remark);
    };
    const bool revoked = has([](auto remark) { return remark == crypto::PathRemark::Revoked; });
    return !revoked && (path.result != crypto::PathResult::Trusted || has(&crypto::isOfIssuer));
}

/// Makers whose intermediate authorities change with each lot, or are renewed, store them in the TPM. They are read only
/// where what the station knows of the issuers does not do: that takes a command or more.
Result<EkCertificateJudgement> judgeCertificate(Session& session, ByteView nvContent, const PublicArea& key)
{
    const auto& anchors = session.order.anchors;
    const auto now = session.order.now;
    auto judged = judgeEkCertificate(nvContent, key, anchors, {}, now);
    if (!judged || !judged->path || !wantsOtherIssuers(*judged->path)) {
        return judged;
    }
    TRY_ASSIGN(const auto stored, session.tpm.readCertificateChain());
    add(session, chainFindings(stored, session.order.policy));
    const auto issuers = crypto::certificatesFromNvChain(stored.der);
    if (issuers.empty()) {
        return judged;
    }
    TRY_ASSIGN(auto again, judgeEkCertificate(nvContent, key, anchors, issuers, now));
    // What a device brings may exhaust the search; it must not spoil what the station found without it.
    const bool spoiled = judged->path->result == crypto::PathResult::Trusted &&
                         (!again.path || again.path->result != crypto::PathResult::Trusted);
    return spoiled ? std::move(judged) : std::move(again);
}

Result<void> verifyEkCertificate(Session& session, const EndorsementKeyReading& reading, const PublicArea& area)
{
    auto& facts = session.report.facts;
    if (reading.certificateNv) {
        TRY_ASSIGN(auto judged, judgeCertificate(session, *reading.certificateNv, area));
        facts.certificateFault = std::move(judged.fault);
        facts.besideCertificate = std::move(judged.unreadable);
        facts.certificatePath = std::move(judged.path);
        facts.endorsementKey->certificate = std::move(judged.evidence);
    } else {
        facts.certificateFault = whyNoCertificate(reading);
    }
    add(session, certificateFindings(facts, session.order.policy, session.order.now));
    return {};
}

/// Error D-128 for a weak key: whoever computes its private half can answer every challenge without the TPM.
Result<void> requireStrong(const PublicArea& area)
{
    TRY_ASSIGN(const auto key, publicKeyOf(area));
    return crypto::requireStrongKey(key);
}

Result<PublicArea> provisionStorageRootKey(Session& session)
{
    TRY_ASSIGN(const auto bytes, session.tpm.provideStorageRootKey());
    TRY_ASSIGN(session.report.facts.storageRootKey, storageRootKeyEvidence(bytes));
    TRY_ASSIGN(auto area, parsePublic(bytes));
    TRY(requireStrong(area));
    return area;
}

Result<void> provePossession(Session& session, const PublicArea& endorsementKey, const PublicArea& storageRootKey)
{
    TRY(testAttestation(session.tpm, endorsementKey, storageRootKey, session.order.now));
    session.report.facts.possessionProven = true;
    return {};
}

/// Error D-132 unless the TPM says again, where nobody on the line can alter it, what it said before.
///
/// Everything before the challenge was read in the clear: a part on the bus may have altered it, or have answered in
/// the TPM's place.
Result<void> confirmReading(Session& session, const EndorsementKeyReading& reading, const PublicArea& storageRootKey)
{
    const bool lists = session.order.policy.shipState.has_value();
    TRY_ASSIGN(auto again, session.tpm.readProtected(lists ? Contents::Listed : Contents::NotAsked));
    const auto changed = [](std::string_view what) {
        return makeError(DeviceCode::AnswersChanged, std::string{what} + " changed between two readings in one test");
    };
    if (again.identity != session.report.facts.tpm) {
        return changed("the TPM's maker, model or firmware");
    }
    if (!canHaveBecome(*session.report.facts.tpmState, again.state)) {
        return changed("the state of the TPM's passwords, hierarchies and lockout");
    }
    if (again.endorsementKey != reading.publicArea) {
        return changed("the endorsement key's public area");
    }
    if (again.storageRootKey != marshalPublic(storageRootKey)) {
        return changed("the storage root key's public area");
    }
    if (again.certificateNv != reading.certificateNv) {
        return changed("the EK certificate");
    }
    session.report.facts.contents = std::move(again.contents);
    return {};
}

/// Learns by which other endorsement keys somebody may know this chip. Last, since it is a command or more for each key.
Result<void> readOtherKeys(Session& session, EndorsementKeyReading reading)
{
    if (!session.order.furtherCheck) {
        return {};
    }
    TRY_ASSIGN(auto keys, session.tpm.readOtherKeys());
    std::ranges::move(keys, std::back_inserter(reading.otherKeys));
    TRY_ASSIGN(session.report.facts.otherKeys, otherKeysOf(reading));
    return {};
}

Result<void> checkPolicy(Session& session, const EndorsementKeyReading& reading)
{
    TRY(askSerialAgain(session));
    add(session, persistenceFindings(reading, isCertified(*session.report.facts.endorsementKey), session.order.policy));
    if (session.report.facts.contents) {
        add(session, shipStateFindings(*session.report.facts.contents, reading, session.order.policy));
    }
    if (session.order.furtherCheck) {
        TRY_ASSIGN(auto finding, session.order.furtherCheck(session.report.facts));
        add(session, std::move(finding));
    }
    session.report.verdict = judge(session.report.findings);
    if (session.report.verdict.code) {
        session.steps.note(StepOutcome::Finding, std::string{describe(*session.report.verdict.code).text});
    }
    return {};
}

/// Runs after the verdict: a key without a Pass must not become persistent, where the device's own software would use
/// it. Nor must an endorsement key that nobody vouches for, even where the profile lets it pass.
Result<void> persistKeys(Session& session)
{
    auto keys = session.order.policy.persistAfterPass;
    if (!isCertified(*session.report.facts.endorsementKey)) {
        keys.endorsementKey = Persistence::LeaveAsIs;
    }
    if (session.report.verdict.outcome != Outcome::Pass || keys == KeysToPersist{}) {
        return {};
    }
    return session.tpm.persistKeys(keys);
}

Result<void> runSteps(Session& session)
{
    TRY(session.steps.begin(AttestationStep::Connect));
    TRY(session.tpm.connect());
    TRY(askSerial(session));

    TRY(session.steps.begin(AttestationStep::IdentifyTpm));
    TRY(identify(session));

    TRY(session.steps.begin(AttestationStep::ReadEndorsementKey));
    TRY_ASSIGN(const auto reading, readEndorsementKey(session));
    TRY_ASSIGN(const auto endorsementKey, parsePublic(reading.publicArea));
    TRY(requireEndorsementKeyShape(endorsementKey));
    TRY(requireStrong(endorsementKey));

    TRY(session.steps.begin(AttestationStep::VerifyEkCertificate));
    TRY(verifyEkCertificate(session, reading, endorsementKey));

    TRY(session.steps.begin(AttestationStep::ProvisionStorageRootKey));
    TRY_ASSIGN(const auto storageRootKey, provisionStorageRootKey(session));

    TRY(session.steps.begin(AttestationStep::TestAttestation));
    TRY(provePossession(session, endorsementKey, storageRootKey));
    TRY(confirmReading(session, reading, storageRootKey));
    TRY(readOtherKeys(session, reading));

    TRY(session.steps.begin(AttestationStep::CheckPolicy));
    TRY(checkPolicy(session, reading));
    TRY(persistKeys(session));

    session.steps.close();
    return {};
}

/// The release comes last and never hides what ended the run: what it leaves behind is a finding beside it, of no step.
/// A profile may hold a device for it, although the keys that a Pass makes persistent are so by then.
void releaseTpm(Session& session)
{
    auto& report = session.report;
    if (const auto released = session.tpm.release(); !released.ok()) {
        report.findings.push_back(
            makeFinding(session.order.policy, "tpm-not-released",
                        "Something may still be loaded in the TPM: " + released.error().what + "."));
        if (!report.error) {
            report.verdict = judge(report.findings);
        }
    }
    report.traffic = session.tpm.traffic();
}

/// A TPM that refuses a password does not say whose; the state that was read before does.
Error withPasswordHolders(Error error, const AttestationFacts& facts)
{
    const auto holders = facts.tpmState ? passwordHolders(*facts.tpmState) : std::string{};
    if (error.code == DeviceCode::TpmHierarchyLocked && !holders.empty()) {
        error.what += "; a password is set for " + holders;
    }
    return error;
}

/// The verdict for an error. A code without a verdict, such as one of the cloud, cannot come from a TPM: a station
/// fault.
Verdict verdictOf(const Error& error) noexcept
{
    return {describe(error.code).verdict.value_or(Outcome::StationFault), error.code};
}

} // namespace

AttestationReport attestDevice(const AttestationOrder& order, DeviceTpm& tpm, StepReporter& steps,
                               const std::stop_token& stop)
{
    AttestationReport report;
    StepTrail trail{steps, stop};
    Session session{order, tpm, report, trail};

    if (auto ran = runSteps(session); !ran.ok()) {
        report.error = withPasswordHolders(std::move(ran).error(), report.facts);
        trail.fail(*report.error);
        report.verdict = verdictOf(*report.error);
    }
    releaseTpm(session);
    report.steps = trail.upTo(AttestationStep::CheckPolicy);
    return report;
}

} // namespace enroll::attestation

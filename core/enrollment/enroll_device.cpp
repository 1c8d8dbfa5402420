#include "core/enrollment/enroll_device.h"

#include "core/attestation/key_fingerprint.h"
#include "core/attestation/step_trail.h"
#include "core/base/hold_code.h"
#include "core/base/station_code.h"
#include "core/enrollment/record_difference.h"
#include "core/enrollment/run_form.h"
#include "core/enrollment/station_clock.h"

#include <algorithm>
#include <functional>
#include <iterator>

namespace enroll::enrollment {
namespace {

using attestation::AttestationFacts;
using attestation::AttestationOrder;
using attestation::AttestationReport;
using attestation::AttestationStep;
using attestation::Finding;
using attestation::StepOutcome;
using Clock = std::chrono::steady_clock;

/// What the CheckPolicy step finds in the station's own records.
struct Identity {
    std::optional<RegistrationId> registrationId;
    DuplicateCheck duplicate;
    std::optional<RecordSummary> record; ///< of a retest: the state of the existing record
    std::optional<SerialNumber> readAs;  ///< ReadKeys::read()
    Bytes fingerprint;                   ///< of the endorsement key; empty as long as it was not read
};

/// A key without a fingerprint is refused later in the run.
void noteKey(const EnrollmentOrder& order, ReadKeys& readKeys, ByteView endorsementKey, Identity& identity)
{
    if (auto fingerprint = attestation::keyFingerprint(endorsementKey); fingerprint.ok()) {
        identity.fingerprint = std::move(fingerprint).value();
        identity.readAs = readKeys.read(identity.fingerprint, order.serialNumber);
    }
}

/// The key is not that of the run that this one goes on from.
Result<bool> isOtherThanStopped(const EnrollmentOrder& order, const Identity& identity)
{
    if (!order.goesOnWith) {
        return false;
    }
    TRY_ASSIGN(const auto stopped, attestation::keyFingerprint(*order.goesOnWith));
    return stopped != identity.fingerprint;
}

/// What the journal answered; its fault as it goes into a run.
template <class T>
Result<T> ofJournal(Result<T> answer)
{
    return answer.ok() ? std::move(answer) : Result<T>{journalFault(std::move(answer).error())};
}

Result<DuplicateCheck> lookUp(EkIndex& index, const SerialNumber& serial, const AttestationFacts& facts,
                              const RegistrationId& id)
{
    const auto& endorsementKey = facts.endorsementKey->publicArea;
    KnownRecords known;
    TRY_ASSIGN(known.byEk, ofJournal(index.findByEk(endorsementKey)));
    TRY_ASSIGN(known.bySerial, ofJournal(index.findBySerial(serial)));
    TRY_ASSIGN(known.byRegistration, ofJournal(index.findByRegistration(id)));
    if (facts.storageRootKey) {
        TRY_ASSIGN(known.byStorageRootKey, ofJournal(index.findByStorageRootKey(facts.storageRootKey->name)));
    }
    for (const auto& key : facts.otherKeys) {
        TRY_ASSIGN(auto record, ofJournal(index.findByKey(key)));
        if (record) {
            known.byOtherKeys.push_back(std::move(*record));
        }
    }
    return checkDuplicate(serial, endorsementKey, known);
}

/// What the profile would enroll today otherwise than \p record did.
Result<std::vector<std::string>> changedSince(const EnrollmentRecord& record, const ProductProfile& profile,
                                              const EkIndex& index)
{
    TRY_ASSIGN(const auto wanted, recordUnder(profile, record));
    TRY_ASSIGN(const auto asStored, ofJournal(index.asStored(wanted)));
    return differences(record, asStored);
}

/// The comparison with the journal, run inside the CheckPolicy step: nothing is written to a device before it is judged. A
/// retest keeps the registration id of its record, even if the profile's rule would give another one today: the device is
/// enrolled under it, and that the two differ is a finding.
Result<std::vector<Finding>> identifyAmongRecords(const EnrollmentOrder& order, EkIndex& index,
                                                  const AttestationFacts& facts, Identity& identity)
{
    const auto& ek = *facts.endorsementKey;
    TRY_ASSIGN(identity.registrationId, registrationIdFor(order.profile, order.serialNumber, ek.publicArea));
    TRY_ASSIGN(identity.duplicate, lookUp(index, order.serialNumber, facts, *identity.registrationId));
    std::vector<Finding> found;
    if (auto finding = duplicateFinding(identity.duplicate, order.serialNumber, order.profile)) {
        found.push_back(std::move(*finding));
    }
    if (identity.duplicate.kind == DuplicateCheck::Kind::New) {
        TRY_ASSIGN(const bool isOther, isOtherThanStopped(order, identity));
        std::ranges::move(strangerFindings(identity.readAs, isOther), std::back_inserter(found));
    }
    if (identity.duplicate.kind == DuplicateCheck::Kind::Retest) {
        const auto& record = *identity.duplicate.existing;
        identity.registrationId = record.registrationId;
        TRY_ASSIGN(identity.record, ofJournal(index.stateOf(record)));
        TRY_ASSIGN(const auto changed, changedSince(record, order.profile, index));
        std::ranges::move(otherSettingsFindings(changed, order.profile), std::back_inserter(found));
    }
    TRY(deviceIdFor(order.profile.enrollment, {order.serialNumber, *identity.registrationId, order.batch}));
    return found;
}

/// The serial number that the headline of \p code speaks of, if it speaks of one.
std::string subjectOf(const DuplicateCheck& check, std::optional<ErrorCode> code)
{
    const auto& record =
        code == HoldCode::TpmEnrolledElsewhere && check.tpmElsewhere ? check.tpmElsewhere : check.existing;
    return record ? record->serialNumber.text() : std::string{};
}

std::string subjectOf(const Identity& identity, std::optional<ErrorCode> code)
{
    if (code == HoldCode::EkReadElsewhere && identity.readAs) {
        return identity.readAs->text();
    }
    return subjectOf(identity.duplicate, code);
}

AttestationReport attest(const EnrollmentOrder& order, UtcTime now, attestation::FurtherCheck furtherCheck,
                         attestation::KeyReader keyReader, attestation::DeviceTpm& tpm,
                         attestation::StepReporter& steps, const std::stop_token& stop)
{
    attestation::AnnouncementCheck announced;
    if (order.announcement == Announcement::Required) {
        announced = [&order](const std::optional<std::string>& said) {
            return requireAnnounced(said, order.serialNumber, order.profile);
        };
    }
    return attestation::attestDevice(
        {order.profile.policy, order.anchors, now, std::move(furtherCheck), std::move(announced), std::move(keyReader)},
        tpm, steps, stop);
}

/// The registration id for the run document of a run that ended before CheckPolicy but has read the endorsement key.
std::optional<RegistrationId> idIfKnown(const EnrollmentOrder& order, const AttestationRun& run)
{
    if (!run.endorsementKey) {
        return std::nullopt;
    }
    auto id = registrationIdFor(order.profile, order.serialNumber, run.endorsementKey->publicArea);
    return id.ok() ? std::optional{std::move(id).value()} : std::nullopt;
}

void addRecordStep(AttestationRun& run, StepOutcome outcome, std::string detail)
{
    run.steps.push_back(attestation::untimedStep(AttestationStep::Record, outcome, std::move(detail)));
}

Result<CommitResult> commit(const AttestationRun& run, const EnrollmentOrder& order, Journal& journal)
{
    const bool passed = run.outcome == Outcome::Pass;
    return journal.commit(run, passed ? std::optional{recordOf(run, order.profile.enrollment)} : std::nullopt);
}

/// Between the duplicate check and the commit another slot enrolled the same key or serial number. The run that would
/// have passed gets the verdict that the profile gives duplicates, and is stored with it, without a record.
Result<CommitResult> commitAsDuplicate(AttestationRun& run, const DuplicateCheck& conflict,
                                       const EnrollmentOrder& order, Journal& journal)
{
    auto finding = duplicateFinding(conflict, order.serialNumber, order.profile);
    if (!finding) {
        return makeError(StationCode::InternalFault, "the journal reported a conflict but named no record");
    }
    auto error = makeError(*knownIn(finding->code), finding->text);
    error.subject = subjectOf(conflict, error.code);
    const bool fails = finding->severity == attestation::Severity::Fail;
    run.steps.back() = attestation::untimedStep(AttestationStep::Record, StepOutcome::Finding, finding->id);
    finding->step = AttestationStep::Record;
    run.findings.push_back(std::move(*finding));
    conclude(run, fails ? Outcome::Fail : Outcome::Hold, error);
    return journal.commit(run, std::nullopt);
}

Result<void> store(AttestationRun& run, const EnrollmentOrder& order, Journal& journal)
{
    TRY_ASSIGN(const auto committed, commit(run, order, journal));
    if (committed.kind == CommitResult::Kind::Conflict) {
        TRY(commitAsDuplicate(run, committed.conflict, order, journal));
    }
    return {};
}

Result<void> requireClock(UtcTime now, Journal& journal)
{
    auto latest = journal.latestRunStart();
    return latest.ok() ? requirePlausibleClock(now, *latest) : Result<void>{journalFault(std::move(latest).error())};
}

/// A run that ends before the device is touched: every step is skipped.
AttestationRun unbegun(AttestationRun run, const Error& error, attestation::StepReporter& steps)
{
    conclude(run, Outcome::StationFault, error);
    run.steps = attestation::StepTrail{steps, {}}.upTo(AttestationStep::Record);
    run.findings.push_back({"run-not-possible", attestation::Severity::Info, describeForLog(error), std::nullopt});
    return run;
}

/// The last step of every run. The verdict is reached, so that a stop request is not looked at any more.
///
/// The step is added to the run before the commit, without a duration: the returned run and the stored document must be
/// the same, and the duration is known only afterwards. Only the reporter is told it.
void record(AttestationRun& run, const EnrollmentOrder& order, Journal& journal, attestation::StepReporter& steps,
            const std::stop_token& stop)
{
    attestation::StepTrail trail{steps, stop};
    trail.beginInAnyCase(AttestationStep::Record);
    addRecordStep(run, StepOutcome::Ok, {});

    if (auto stored = store(run, order, journal); !stored.ok()) {
        const auto error = journalFault(std::move(stored).error());
        trail.fail(error);
        conclude(run, Outcome::StationFault, error);
        run.steps.back() = {AttestationStep::Record, StepOutcome::Failed, {}, describeForLog(error)};
        return;
    }
    const auto& stored = run.steps.back();
    trail.note(stored.outcome.knownOr(StepOutcome::Ok), stored.detail);
    trail.close();
}

} // namespace

AttestationRun enrollDevice(const EnrollmentOrder& order, const EnrollmentPorts& ports,
                            attestation::StepReporter& steps, const std::stop_token& stop)
{
    const auto began = Clock::now();
    auto run = openRun(order);
    if (const auto clock = requireClock(run.startedAt, ports.journal); !clock.ok()) {
        return unbegun(std::move(run), clock.error(), steps);
    }
    Identity identity;
    const auto amongRecords = [&](const AttestationFacts& facts) {
        return identifyAmongRecords(order, ports.ekIndex, facts, identity);
    };

    const auto noteRead = [&](const attestation::EndorsementKeyEvidence& ek) {
        noteKey(order, ports.readKeys, ek.publicArea, identity);
    };
    auto report = attest(order, run.startedAt, amongRecords, noteRead, ports.tpm, steps, stop);
    const auto subject = subjectOf(identity, report.verdict.code);
    fillFrom(run, std::move(report), subject);
    run.registrationId = identity.registrationId ? identity.registrationId : idIfKnown(order, run);
    if (run.outcome == Outcome::Pass) {
        run.record = identity.record ? identity.record : queuedFor(*run.registrationId, ports.journal.destinations());
    }
    run.duration = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);

    record(run, order, ports.journal, steps, stop);
    if (run.outcome == Outcome::Pass) {
        ports.readKeys.passed(identity.fingerprint);
    }
    return run;
}

AttestationRun attestOnly(const EnrollmentOrder& order, attestation::DeviceTpm& tpm, attestation::StepReporter& steps,
                          const std::stop_token& stop)
{
    const auto began = Clock::now();
    auto run = openRun(order);
    if (const auto clock = requirePlausibleClock(run.startedAt, {}); !clock.ok()) {
        return unbegun(std::move(run), clock.error(), steps);
    }

    fillFrom(run, attest(order, run.startedAt, {}, {}, tpm, steps, stop), {});
    run.registrationId = idIfKnown(order, run);
    addRecordStep(run, StepOutcome::Skipped, {});
    run.duration = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);
    return run;
}

} // namespace enroll::enrollment

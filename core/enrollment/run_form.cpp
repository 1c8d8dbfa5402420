#include "core/enrollment/run_form.h"

#include "core/base/assert.h"
#include "core/base/hold_code.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/base/uuid.h"
#include "core/base/written_text.h"

#include <algorithm>

namespace enroll::enrollment {
namespace {

using attestation::Severity;

attestation::Finding finding(std::string id, Severity severity, std::string text, ErrorCode code)
{
    const bool decides = severity != Severity::Warning;
    return {std::move(id), severity, std::move(text), decides ? std::optional<Word<ErrorCode>>{code} : std::nullopt};
}

attestation::Finding finding(std::string id, DuplicateRule rule, std::string text, ErrorCode code)
{
    return finding(std::move(id), rule == DuplicateRule::Fail ? Severity::Fail : Severity::Hold, std::move(text), code);
}

/// Where one chip has two serial numbers, somebody has to find out which of the two devices it is in.
std::string findIt(const EnrollmentRecord& other)
{
    return " Find the device " + other.serialNumber.text() + ": it has this chip, or lost it.";
}

attestation::Finding tpmElsewhere(const EnrollmentRecord& other, Severity severity)
{
    return finding("tpm-enrolled-elsewhere", severity,
                   "This TPM is already enrolled as " + other.serialNumber.text() +
                       ", with another endorsement key: a key that it holds is that device's." + findIt(other),
                   HoldCode::TpmEnrolledElsewhere);
}

Error verdictError(ErrorCode code, const std::string& subject)
{
    auto error = makeError(code, {});
    error.subject = subject;
    return error;
}

} // namespace

/// The run id is a UUIDv7: ids sort by time, and no station needs to ask another for the next one.
AttestationRun openRun(const EnrollmentOrder& order)
{
    AttestationRun run;
    run.runId = order.runId ? *order.runId : RunId{makeUuidV7()};
    run.stationId = order.stationId;
    run.operatorId = order.operatorId;
    run.batch = order.batch;
    run.slot = order.slot;
    run.serialNumber = order.serialNumber;
    run.device = order.device;
    run.profile = order.profile.stamp;
    run.startedAt = utcNow();
    run.software = order.software;
    return run;
}

void fillFrom(AttestationRun& run, attestation::AttestationReport&& report, const std::string& subject)
{
    run.endorsementKey = std::move(report.facts.endorsementKey);
    if (run.endorsementKey) {
        run.endorsementKeys = {*run.endorsementKey};
    }
    run.storageRootKey = std::move(report.facts.storageRootKey);
    run.tpm = std::move(report.facts.tpm);
    run.steps = std::move(report.steps);
    run.findings = std::move(report.findings);
    run.traffic = report.traffic;
    if (report.error) {
        conclude(run, report.verdict.outcome, *report.error);
    } else if (report.verdict.code) {
        conclude(run, report.verdict.outcome, verdictError(*report.verdict.code, subject));
    } else if (report.verdict.outcome != Outcome::Pass) {
        conclude(run, Outcome::StationFault, makeError(StationCode::InternalFault, "the run ended without a verdict"));
    } else {
        run.outcome = Outcome::Pass;
        run.headline = "This device passed.";
        run.nextStep = "Take the device out.";
    }
}

void conclude(AttestationRun& run, Outcome outcome, const Error& error)
{
    run.outcome = outcome;
    run.code = error.code;
    run.headline = headlineOf(error);
    run.nextStep = instructionFor(error.code, outcome).text;
    run.subject = error.subject;
    run.record.reset();
}

std::optional<attestation::Finding> duplicateFinding(const DuplicateCheck& check, const SerialNumber& serial,
                                                     const ProductProfile& profile)
{
    using enum DuplicateCheck::Kind;
    switch (check.kind) {
    case New:
        return std::nullopt;
    case Retest:
        return check.tpmElsewhere ? std::optional{tpmElsewhere(*check.tpmElsewhere, profile.sameTpmOtherSerial)}
                                  : std::nullopt;
    case EkElsewhere:
        return finding("ek-enrolled-elsewhere", profile.sameEkOtherSerial,
                       "This endorsement key is already enrolled as " + check.existing->serialNumber.text() + "." +
                           findIt(*check.existing),
                       HoldCode::EkEnrolledElsewhere);
    case SerialHasOtherEk:
        return finding("serial-has-other-ek", profile.sameSerialOtherEk,
                       check.existing->serialNumber.text() + " is already enrolled with another endorsement key.",
                       HoldCode::SerialHasOtherEk);
    case TpmElsewhere:
        return tpmElsewhere(*check.existing, std::max(profile.sameTpmOtherSerial, Severity::Hold));
    case RegistrationIdTaken:
        return finding("registration-id-taken", profile.sameSerialOtherEk,
                       "The registration id of " + serial.text() + " is already that of " +
                           check.existing->serialNumber.text() +
                           ", with another endorsement key: to the service, capital and small letters are the same.",
                       HoldCode::RegistrationIdTaken);
    }
    return std::nullopt;
}

std::vector<attestation::Finding> strangerFindings(const std::optional<SerialNumber>& readAs, bool isOther)
{
    std::vector<attestation::Finding> found;
    if (readAs) {
        found.push_back(
            finding("ek-read-under-other-serial", Severity::Hold,
                    "This endorsement key was read in a test of " + readAs->text() +
                        " before, which did not pass: one of the two labels, or devices, is where the other belongs.",
                    HoldCode::EkReadElsewhere));
    }
    if (isOther) {
        found.push_back(
            finding("other-device-than-stopped", Severity::Hold,
                    "The test that was stopped read another endorsement key, and nobody scanned a label since.",
                    HoldCode::OtherDeviceThanStopped));
    }
    return found;
}

std::vector<attestation::Finding> otherSettingsFindings(const std::vector<std::string>& changed,
                                                        const ProductProfile& profile)
{
    if (changed.empty()) {
        return {};
    }
    return {finding("enrolled-otherwise", profile.sameDeviceOtherSettings,
                    "This device is already enrolled, and its record stays as it is; the profile " +
                        quotedText(profile.stamp.name) + ", version " + quotedText(profile.stamp.version) +
                        ", would write another one: " + joined(changed) + ".",
                    HoldCode::EnrolledOtherwise)};
}

EnrollmentRecord recordOf(const AttestationRun& run, const EnrollmentTemplate& enrollment)
{
    const DeviceWords words{run.serialNumber, *run.registrationId, run.batch};
    auto deviceId = deviceIdFor(enrollment, words);
    ENROLL_ASSERT(deviceId.ok(), "the run was identified with its device id");
    EnrollmentRecord record;
    record.deviceId = std::move(deviceId).value();
    record.settings = settingsFor(enrollment, words);
    record.registrationId = *run.registrationId;
    record.serialNumber = run.serialNumber;
    record.endorsementKey = run.endorsementKey->publicArea;
    record.endorsementKeyDigest = run.endorsementKey->sha256;
    record.runId = run.runId;
    record.createdAt = run.startedAt;
    record.batch = run.batch;
    return record;
}

RecordSummary queuedFor(const RegistrationId& id, const std::vector<DestinationName>& destinations)
{
    RecordSummary summary;
    summary.registrationId = id;
    for (const auto& destination : destinations) {
        summary.destinations.push_back({destination, RecordState::Queued, {}, {}});
    }
    return summary;
}

} // namespace enroll::enrollment

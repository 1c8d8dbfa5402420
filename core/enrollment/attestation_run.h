#pragma once

#include "core/attestation/attest_device.h"
#include "core/enrollment/enrollment_record.h"
#include "core/enrollment/product_profile.h"

namespace enroll::enrollment {

struct SoftwareStamp {
    std::string version;
    std::string build;
    bool operator==(const SoftwareStamp&) const = default;
};

/// One test of one device, whatever its outcome: the content of the run document. Never changed once committed.
struct AttestationRun {
    RunId runId;
    StationId stationId;
    OperatorId operatorId;
    BatchId batch;
    SlotNumber slot;
    SerialNumber serialNumber;
    std::string device; ///< the device address as given
    ProfileStamp profile;
    UtcTime startedAt{};
    std::chrono::milliseconds duration{0};
    Word<Outcome> outcome = Outcome::StationFault;
    std::optional<Word<ErrorCode>> code;
    std::string headline;
    std::string nextStep; ///< what to do with the device, English: the instruction of `code`, or what follows a pass
    /// What the headline speaks of, such as another serial number: Error::subject, empty if nobody knew it. Absent
    /// without a code, and in runs of programs that did not keep it.
    std::optional<std::string> subject;
    std::optional<RegistrationId> registrationId;
    std::optional<attestation::EndorsementKeyEvidence> endorsementKey;
    std::vector<attestation::EndorsementKeyEvidence>
        endorsementKeys; ///< `endorsementKey` if it was read: a run reads one
    std::optional<attestation::StorageRootKeyEvidence> storageRootKey;
    std::optional<attestation::TpmIdentity> tpm;
    std::vector<attestation::StepRecord> steps;
    std::vector<attestation::Finding> findings;
    attestation::TpmTraffic traffic;
    std::optional<RecordSummary> record;
    SoftwareStamp software;
    bool operator==(const AttestationRun&) const = default;
};

} // namespace enroll::enrollment

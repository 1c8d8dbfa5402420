#pragma once

#include "core/enrollment/announced_serial.h"
#include "core/enrollment/journal.h"
#include "core/enrollment/read_keys.h"

#include <stop_token>

namespace enroll::enrollment {

/// Everything that is known of a run before it begins. Each run has a copy: a changed configuration affects later runs.
struct EnrollmentOrder {
    StationId stationId;
    OperatorId operatorId;
    BatchId batch;
    SlotNumber slot;
    SerialNumber serialNumber; ///< may be empty for attestOnly()
    std::string device;        ///< the address as given
    ProductProfile profile;
    crypto::TrustStore anchors;
    SoftwareStamp software;
    /// The endorsement key, as TPM2B_PUBLIC, of the run that was stopped and that this one goes on from, although nobody
    /// scanned the label again: a device with another one does not pass (H-207).
    std::optional<Bytes> goesOnWith = {};
    std::optional<RunId> runId = {}; ///< of the run, where somebody has to know it before; absent: one is made
    /// Required: a device that does not say this serial number does not pass; errors of requireAnnounced(), and D-148.
    Announcement announcement = Announcement::NotAsked;
};

struct EnrollmentPorts {
    attestation::DeviceTpm& tpm;
    EkIndex& ekIndex;
    Journal& journal;
    ReadKeys& readKeys; ///< of all runs of the program
};

/// Attests one device, records the run whatever its outcome, and makes an enrollment record if it passed.
///
/// Order: the station's clock, attestation, duplicate check, durable commit. The returned run says Pass only after the commit. The run of a
/// retest carries the state of the existing record. A key without a record that ReadKeys knows of another serial number does not
/// pass (H-206). If the journal cannot save, the returned run is a station fault
/// with S-301 and nothing is stored; nor is anything under a wrong clock (S-341), because the log would show a time that
/// was not. Blocks; slot thread only.
///
/// A stop request ends the run before its next step, and the run is recorded as aborted. Once the verdict is reached, a
/// stop request changes nothing: otherwise a good device would end without its record.
AttestationRun enrollDevice(const EnrollmentOrder& order, const EnrollmentPorts& ports,
                            attestation::StepReporter& steps, const std::stop_token& stop);

/// Attests one device like enrollDevice(), without a duplicate check, and records nothing; the Record step is Skipped.
AttestationRun attestOnly(const EnrollmentOrder& order, attestation::DeviceTpm& tpm, attestation::StepReporter& steps,
                          const std::stop_token& stop);

} // namespace enroll::enrollment

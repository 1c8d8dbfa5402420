#pragma once

#include "core/enrollment/journal.h"

#include <stop_token>

namespace enroll::enrollment {

/// Everything that is known of a run before it begins.
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
    std::vector<DestinationName> destinations; ///< what a record will be queued for, for the run document
};

struct EnrollmentPorts {
    attestation::DeviceTpm& tpm;
    EkIndex& ekIndex;
    Journal& journal;
};

/// Attests one device and records the run, whatever its outcome; a record is made on Pass alone.
///
/// Order: attestation, duplicate check, durable commit, and only then the run that is returned may say Pass. A retest
/// says how far the record that exists had come when it was looked up. If the journal cannot save, the run returned is a
/// station fault with S-301 and nothing is stored. Blocks; slot thread only.
///
/// A stop ends the run before its next step, and the run is recorded as aborted. A stop that comes once the verdict
/// stands is too late: the run keeps its verdict and is recorded, because a good device would be lost otherwise.
AttestationRun enrollDevice(const EnrollmentOrder& order, const EnrollmentPorts& ports,
                            attestation::StepReporter& steps, const std::stop_token& stop);

/// The same attestation under the same rule for a stop, with nothing recorded and no duplicate check; the Record step
/// is Skipped.
AttestationRun attestOnly(const EnrollmentOrder& order, attestation::DeviceTpm& tpm, attestation::StepReporter& steps,
                          const std::stop_token& stop);

} // namespace enroll::enrollment

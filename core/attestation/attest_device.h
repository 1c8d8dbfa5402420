#pragma once

#include "core/attestation/attestation_step.h"
#include "core/attestation/verdict.h"

#include <functional>
#include <stop_token>

namespace enroll::attestation {

/// What a caller has to say of the facts beyond the policy: earlier enrollments, for one. Runs within the CheckPolicy
/// step; an Error ends the run.
using FurtherCheck = std::function<Result<std::vector<Finding>>(const AttestationFacts&)>;

/// Whether what the device says that its serial number is may be; DeviceTpm::announcedSerial(). An Error ends the run.
using AnnouncementCheck = std::function<Result<void>(const std::optional<std::string>&)>;

/// Hears of the endorsement key as soon as it is read: before anything proves that the TPM holds it.
using KeyReader = std::function<void(const EndorsementKeyEvidence&)>;

struct AttestationOrder {
    AttestationPolicy policy;
    const crypto::TrustStore& anchors;
    UtcTime now;
    FurtherCheck furtherCheck = {}; ///< empty: none, and nobody asks what other endorsement keys the TPM holds
    /// Asks the device its serial number, before anything else that the TPM said counts, and once more before the verdict.
    AnnouncementCheck announcementCheck = {}; ///< empty: it is not asked
    KeyReader keyReader = {};
};

/// Everything a run found out, however it ended.
struct AttestationReport {
    AttestationFacts facts;
    std::vector<StepRecord> steps; ///< Connect … CheckPolicy; those not reached are Skipped
    std::vector<Finding> findings;
    Verdict verdict;            ///< judge() of the findings; with `error`, what the catalog of codes says of its code
    std::optional<Error> error; ///< what ended the run early, before or in place of a judgement
    TpmTraffic traffic;
};

/// Runs the test attestation on one TPM: the station plays the provisioning service, the TPM answers as it will in the
/// field.
///
/// Reads the keys, checks the EK certificate, makes the activation challenge for exactly these keys, lets the TPM
/// activate it and sign a SAS string, checks the answer. Releases the TPM on every path. Blocks; slot thread only. A
/// device fault is a verdict, not a Result: the report always says what was found. One of these is D-148: asked, the device
/// says another serial number at the end than at the beginning.
///
/// \param stop  ends the run before the next step as Aborted with D-141; once the verdict stands it changes nothing
AttestationReport attestDevice(const AttestationOrder& order, DeviceTpm& tpm, StepReporter& steps,
                               const std::stop_token& stop);

} // namespace enroll::attestation

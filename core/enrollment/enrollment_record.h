#pragma once

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/enrollment/ids.h"

namespace enroll::enrollment {

/// The fact that a device's endorsement key may be enrolled: made by one passing run, never changed.
struct EnrollmentRecord {
    RegistrationId registrationId;
    SerialNumber serialNumber;
    Bytes endorsementKey;       ///< TPM2B_PUBLIC, size prefix included
    Bytes endorsementKeyDigest; ///< SHA-256 of endorsementKey
    RunId runId;                ///< the run that proved it
    UtcTime createdAt{};
    BatchId batch;
    std::string deviceId; ///< empty: the service uses the registration id
    bool operator==(const EnrollmentRecord&) const = default;
};

/// How far a record has come at one destination. A word of the run document.
enum class RecordState { Queued, Sent, Accepted, Rejected };
std::string_view recordStateText(RecordState state) noexcept;

} // namespace enroll::enrollment

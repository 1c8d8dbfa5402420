#pragma once

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/base/word.h"
#include "core/enrollment/enrollment_settings.h"
#include "core/enrollment/ids.h"

#include <vector>

namespace enroll::enrollment {

/// The fact that a device's endorsement key may be enrolled. Made by one passing run, never changed afterwards.
struct EnrollmentRecord {
    RegistrationId registrationId;
    SerialNumber serialNumber;
    Bytes endorsementKey;       ///< TPM2B_PUBLIC, size prefix included
    Bytes endorsementKeyDigest; ///< SHA-256 of endorsementKey
    RunId runId;                ///< the run that proved it
    UtcTime createdAt{};
    BatchId batch;
    std::string deviceId; ///< empty: the service uses the registration id
    EnrollmentSettings settings;
    bool operator==(const EnrollmentRecord&) const = default;
};

/// The state of a record at one destination: waiting, handed over, or answered. A word of the run document.
enum class RecordState { Queued, Sent, Accepted, Rejected };
std::string_view recordStateText(RecordState state) noexcept;
inline std::string_view recordStateText(const Word<RecordState>& word) noexcept
{
    return wordText(word, [](RecordState state) { return recordStateText(state); });
}
inline constexpr std::array kAllRecordStates{RecordState::Queued, RecordState::Sent, RecordState::Accepted,
                                             RecordState::Rejected};

struct DestinationState {
    DestinationName destination;
    Word<RecordState> state = RecordState::Queued;
    std::string code;   ///< "U-409"; empty unless rejected
    std::string reason; ///< English; empty unless rejected
    bool operator==(const DestinationState&) const = default;
};

struct RecordSummary {
    RegistrationId registrationId;
    Word<RecordState> state = RecordState::Queued; ///< Rejected if any destination's is, else the least advanced one
    std::vector<DestinationState> destinations;
    bool operator==(const RecordSummary&) const = default;
};

} // namespace enroll::enrollment

#pragma once

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/base/word.h"
#include "core/enrollment/enrollment_settings.h"
#include "core/enrollment/ids.h"

#include <optional>
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

/// The state of a record at one destination: waiting, handed over, answered, or set aside by a person.
/// A word of the run document.
enum class RecordState { Queued, Sent, Accepted, Rejected, SetAside };
std::string_view recordStateText(RecordState state) noexcept;
inline std::string_view recordStateText(const Word<RecordState>& word) noexcept
{
    return wordText(word, [](RecordState state) { return recordStateText(state); });
}
inline constexpr std::array kAllRecordStates{RecordState::Queued, RecordState::Sent, RecordState::Accepted,
                                             RecordState::Rejected, RecordState::SetAside};

/// The state of a record that is \p one at one destination and \p other at another: rejected, else set aside, else the less
/// advanced one.
RecordState together(RecordState one, RecordState other) noexcept;

/// True if the last word of a destination is that it refuses the record, whatever a person decided since.
inline bool isRefused(const Word<RecordState>& state) noexcept
{
    return state == RecordState::Rejected || state == RecordState::SetAside;
}

/// What a person said who set a record aside: it will not be delivered, and is no longer to be decided.
struct SettingAside {
    UtcTime at{};
    std::string by;
    std::string reason; ///< as it was given, in any language
    bool operator==(const SettingAside&) const = default;
};

struct DestinationState {
    DestinationName destination;
    Word<RecordState> state = RecordState::Queued;
    std::string code;                          ///< "U-409"; empty unless rejected, also before it was set aside
    std::string reason;                        ///< the destination's, English; likewise
    std::optional<SettingAside> setAside = {}; ///< only where the state is SetAside
    bool operator==(const DestinationState&) const = default;
};

struct RecordSummary {
    RegistrationId registrationId;
    Word<RecordState> state = RecordState::Queued; ///< that of all destinations together()
    std::vector<DestinationState> destinations;
    bool operator==(const RecordSummary&) const = default;
};

} // namespace enroll::enrollment

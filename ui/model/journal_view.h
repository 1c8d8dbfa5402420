#pragma once

#include "core/enrollment/enrollment_record.h"

#include <map>
#include <optional>

namespace enroll::ui {

/// The devices of the shift, or of today, by their last verdict. Station faults and stopped runs are not counted.
struct ShiftCount {
    int pass = 0;
    int fail = 0;
    int hold = 0;
    std::optional<double> firstPassYield; ///< 0..1; absent while no device was judged
    bool operator==(const ShiftCount&) const = default;
};

/// What the screens show of the journal. A value: it is read on another thread.
struct JournalView {
    ShiftCount counted;
    int devices = 0; ///< that were judged meanwhile
    int queued = 0;
    /// The states of the records of the runs on the screen, by run id.
    std::map<enrollment::RunId, enrollment::RecordSummary> records;
    std::optional<UtcTime> since = {}; ///< when the shift began that is counted; absent: today
    int tests = 0;                     ///< in which those devices were judged
};

} // namespace enroll::ui

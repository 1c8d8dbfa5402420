#pragma once

#include "core/base/clock.h"
#include "core/enrollment/ids.h"
#include "core/station/pin_tries.h"
#include "core/station/work_shift.h"

#include <optional>

namespace enroll::station {

struct KeptOrder {
    enrollment::BatchId batch;
    UtcTime takenAt{};
    bool operator==(const KeptOrder&) const = default;
};

/// Who works at the station and for what, as far as that outlives the program.
struct Duty {
    std::optional<KeptOrder> order = {}; ///< the work order that was taken last
    Shift shift = {};
    std::vector<KeptTries> tries = {}; ///< wrong PINs, each person once
    bool locked = false;               ///< the station is, as SignIn says
    bool operator==(const Duty&) const = default;
};

/// Port: keeps the Duty over a restart of the program and a power cut. Any thread.
class DutyMemory {
public:
    virtual ~DutyMemory() = default;

    /// What was kept when the program started. Does not change.
    [[nodiscard]] virtual const Duty& kept() const noexcept = 0;
    /// Does not wait; \p duty is on the disk soon.
    virtual void change(const Duty& duty) = 0;

protected:
    DutyMemory() = default;
    DutyMemory(const DutyMemory&) = default;
    DutyMemory& operator=(const DutyMemory&) = default;
};

} // namespace enroll::station

#pragma once

#include "core/station/slot_state.h"

namespace enroll::station {

/// Port: which test each slot shows, kept over a restart of the program and a power cut. A serial number that only waits
/// is kept as a test without a run: its device may be in the slot, and nobody knows what happens to it meanwhile. Any
/// thread.
class SlotMemory {
public:
    virtual ~SlotMemory() = default;

    /// What was kept when the program started. Does not change.
    [[nodiscard]] virtual const KeptTests& kept() const noexcept = 0;

    /// A test begins in \p slot. Returns once that is on the disk; call it before the device is touched.
    /// \par Errors   S-301 (cannot be kept)
    virtual Result<void> begin(enrollment::SlotNumber slot, const KeptTest& test) = 0;

    /// \p slot shows \p test now, or none. Does not wait; it is on the disk soon. Nothing is written if nothing
    /// changed but the time of a serial number that waits.
    virtual void change(enrollment::SlotNumber slot, const std::optional<KeptTest>& test) = 0;

protected:
    SlotMemory() = default;
    SlotMemory(const SlotMemory&) = default;
    SlotMemory& operator=(const SlotMemory&) = default;
};

/// Tells \p memory what \p slot shows now, whose devices come at the address \p device and are tested by \p profile. What
/// runs was told by begin() already.
void keepState(SlotMemory& memory, enrollment::SlotNumber slot, const SlotState& state, const std::string& device,
               const enrollment::ProfileStamp& profile);

} // namespace enroll::station

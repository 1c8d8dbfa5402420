#include "core/station/slot_memory.h"

namespace enroll::station {

void keepState(SlotMemory& memory, enrollment::SlotNumber slot, const SlotState& state, const std::string& device,
               const enrollment::ProfileStamp& profile)
{
    if (std::holds_alternative<SlotRunning>(state)) {
        return;
    }
    if (const auto* finished = std::get_if<SlotFinished>(&state)) {
        const auto& run = finished->run;
        return memory.change(slot,
                             KeptTest{run.serialNumber, run.startedAt, run.runId, run.device, run.profile.sha256});
    }
    if (const auto* ready = std::get_if<SlotReady>(&state)) {
        return memory.change(slot, KeptTest{ready->serial, utcNow(), std::nullopt, device, profile.sha256});
    }
    const auto* unknown = std::get_if<SlotUnknown>(&state);
    memory.change(slot, unknown == nullptr ? std::nullopt : std::optional{unknown->test});
}

} // namespace enroll::station

#include "core/station/lost_contact.h"

#include "core/base/device_code.h"

namespace enroll::station {
namespace {

using enrollment::SlotNumber;

constexpr std::chrono::seconds kTogether{10};
constexpr std::size_t kFewest = 3;

/// A device that had answered and did not any more was lost at a time between these. One that fell silent is missed only
/// when the wait of a command ends.
struct Loss {
    UtcTime earliest;
    UtcTime latest;
    SlotNumber slot;
};

std::optional<Loss> lossIn(SlotNumber slot, const SlotState& state)
{
    const auto* finished = std::get_if<SlotFinished>(&state);
    if (finished == nullptr || !finished->run.tpm) {
        return std::nullopt;
    }
    const auto& run = finished->run;
    const auto end = run.startedAt + run.duration;
    if (run.code == DeviceCode::TpmTimedOut) {
        return Loss{end - (run.steps.empty() ? run.duration : run.steps.back().duration), end, slot};
    }
    return brokeConnection(run) ? std::optional{Loss{end, end, slot}} : std::nullopt;
}

} // namespace

std::vector<SlotNumber> lostTogether(const SlotBoard& board)
{
    std::vector<Loss> losses;
    for (const auto slot : board.slots()) {
        if (const auto loss = lossIn(slot, board.state(slot))) {
            losses.push_back(*loss);
        }
    }
    std::vector<SlotNumber> most;
    for (const auto& first : losses) {
        std::vector<SlotNumber> together;
        for (const auto& loss : losses) {
            if (loss.earliest <= first.earliest + kTogether && loss.latest >= first.earliest) {
                together.push_back(loss.slot);
            }
        }
        most = together.size() > most.size() ? together : most;
    }
    return most.size() < kFewest ? std::vector<SlotNumber>{} : most;
}

} // namespace enroll::station

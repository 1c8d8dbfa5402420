#pragma once

#include "core/station/slot_state.h"
#include "ui/run/tile_content.h"

namespace enroll::ui {

/// A record's symbol and word, and what is to be said of it beside them.
struct RecordLine {
    RecordMark mark;
    QString detail;
    bool operator==(const RecordLine&) const = default;
};

/// What a panel says of the record of the run in a slot, whose tile shows \p tile. \p record is what the outbox says of it
/// by now; absent: what the run said.
std::vector<RecordLine> recordLines(const TileContent& tile, const station::SlotState& state,
                                    const std::optional<enrollment::RecordSummary>& record);

} // namespace enroll::ui

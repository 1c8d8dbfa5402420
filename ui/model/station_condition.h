#pragma once

#include "core/base/error.h"
#include "core/station/slot_board.h"

#include <QDateTime>
#include <QString>

#include <optional>

namespace enroll::ui {

/// Whether this station may test. Never the judgement of a device.
struct StationCondition {
    enum class State { Ready, Degraded, Stopped };
    State state = State::Ready;
    QString reason; ///< one sentence; empty when ready
    bool operator==(const StationCondition&) const = default;
};

/// What the upload of one destination came to last.
struct UploadState {
    int left = 0;
    std::optional<Error> trouble; ///< why it waits; absent while records flow
    QDateTime troubleSince;
};

/// The gravest of: the journal cannot be used now (stopped), a slot that cannot be tested, an upload that waits
/// (degraded).
StationCondition stationCondition(const station::SlotBoard& board, const std::optional<Error>& journalFault,
                                  const std::vector<UploadState>& uploads);

} // namespace enroll::ui

#pragma once

#include "core/base/error.h"
#include "core/delivery/upload_report.h"
#include "core/station/slot_board.h"

#include <QDateTime>
#include <QString>

#include <optional>

namespace enroll::ui {

/// Whether this station can test. It says nothing about a device.
struct StationCondition {
    enum class State { Ready, Degraded, Stopped };
    State state = State::Ready;
    QString reason; ///< one sentence; when ready, how old the trusted authorities are, or empty
    bool operator==(const StationCondition&) const = default;
};

/// The latest news of the upload to one destination.
struct UploadState {
    std::optional<Error> trouble; ///< why the upload waits; absent while it works
    QDateTime troubleSince;
    QDateTime triesAgain = {}; ///< invalid unless that is two minutes or more away

    /// A trouble ends when the destination has answered or nothing is left to send, not when the next try begins.
    void take(const delivery::UploadProgress& progress, const QDateTime& now);
};

/// The authorities that the station trusts.
struct TrustState {
    bool missing = false;            ///< there is none, and without one no device can pass
    std::optional<Error> fault = {}; ///< why they cannot be read, so that none can be tested
    std::optional<int> days = {};    ///< since the newest was imported; absent where nobody knows
};

/// The condition of the station by its gravest trouble: a journal that cannot be used, authorities that cannot be read (both
/// Stopped), then authorities that are missing, a scanner of its own that does not answer, devices that were lost together, a slot that cannot be
/// tested, slots of which nobody knows what they showed, an upload that waits (all Degraded). Without trouble it says how old the authorities are: makers add new ones within weeks.
StationCondition stationCondition(const station::SlotBoard& board, const std::optional<Error>& journalFault,
                                  const std::vector<UploadState>& uploads, const TrustState& trust = {},
                                  const std::optional<Error>& scannerFault = {});

} // namespace enroll::ui

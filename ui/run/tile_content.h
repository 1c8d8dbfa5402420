#pragma once

#include "core/enrollment/pairing_rule.h"
#include "core/station/self_start.h"
#include "core/station/usual_durations.h"
#include "ui/run/tile_look.h"
#include "ui/widgets/symbols.h"

#include <QString>

#include <optional>
#include <vector>

namespace enroll::ui {

/// Whether the station may test now.
enum class Testing { Allowed, Stopped };

/// Where the next serial goes, as seen from a slot.
enum class Turn {
    OnlySlot, ///< there is no other
    Next,     ///< here
    Later,    ///< to another slot, or to none now
    Choice,   ///< to the slot that a person chooses
    Insert,   ///< to the slot where a device appears next
    Device,   ///< to the slot where its device is, which says it
};

/// \p marked: the slot gets the next serial. \p only: there is no other slot.
Turn turnOf(enrollment::PairingRule rule, bool marked, bool only);

enum class SerialRole { Serial, Placeholder };

struct RecordMark {
    RecordSymbol symbol;
    QString word;
    QString code = {}; ///< why it was rejected: "U-409", also one that only a newer program knows
    bool operator==(const RecordMark&) const = default;
};

/// What a run without a verdict leaves behind, in place of a record.
enum class NoRecord { NotSaid, NotCounted, NotRecorded };

enum class StepPace {
    Unmeasured, ///< how long it usually takes here is not known, or too short to be shown
    Usual,
    Slow,
    Stopping, ///< a stop was asked
};

struct StepProgress {
    int current = 1; ///< 1-based
    int total = 1;
    StepPace pace = StepPace::Unmeasured;
    std::chrono::seconds elapsed{0}; ///< in the current step, rounded as it is shown
    std::chrono::seconds usual{0};   ///< likewise; 0 where it is unmeasured
    /// Of the current step, 0..1, from how long it usually takes here; absent while that is not known.
    std::optional<double> fraction;
    bool operator==(const StepProgress&) const = default;

    /// Of the whole run, 0..1.
    [[nodiscard]] double whole() const { return (current - 1 + fraction.value_or(0)) / total; }
};

/// Everything a tile shows, as text and symbols: made from a slot's state alone, painted without further thought.
struct TileContent {
    int slot = 0;
    TileLook look = TileLook::Ready;
    bool next = false;                  ///< marked: the next serial goes here, and there are other slots
    QString corner;                     ///< the code's text, or a time, or what an empty slot waits for
    std::optional<ErrorCode> code = {}; ///< what decided against a PASS, or took it back
    QString word;
    QString serial;
    SerialRole serialRole = SerialRole::Serial;
    bool deviceIn = false; ///< a device is in, and its serial is not taken yet; a look of its own it has not
    QString instruction;
    QString reason;
    std::vector<RecordMark> marks;
    NoRecord noRecord = NoRecord::NotSaid;
    QString record; ///< what `noRecord` says, in place of marks
    QString device;
    bool asks = false; ///< whether the device that is in is that of its serial; a look of its own it has not
    std::optional<StepProgress> progress;
    std::optional<UtcTime> endedBefore = {}; ///< of a result from before the program started: when its run ended
    QString before;                          ///< what `endedBefore` says
    bool operator==(const TileContent&) const = default;
};

/// What a tile needs beside its slot's state.
struct TileContext {
    enrollment::SlotNumber slot;
    std::string device; ///< the slot's address
    std::chrono::steady_clock::time_point now{};
    const station::UsualDurations* usual = nullptr;
    /// What the outbox says of this run's record by now; absent: what the run said.
    std::optional<enrollment::RecordSummary> record = {};
    Testing testing = Testing::Allowed;
    Turn turn = Turn::OnlySlot;
    station::Presence presence = station::Presence::NotSensed;
    bool unnamed = false;                                ///< a device came, and nobody said which serial it carries
    bool scanMeansDeviceIn = false;                      ///< likewise, and the next scan means it
    bool unclear = false;                                ///< what is in does not answer as a device does
    bool resultLeft = false;                             ///< it shows the result of a device that is out for certain
    bool senses = false;                                 ///< it is looked at: empty is what a look found empty
    std::optional<enrollment::SerialNumber> inHand = {}; ///< what waits for a device to appear
    bool byDevice = false;                               ///< devices say their serials: Turn::Device, chosen or not
    std::optional<enrollment::SerialNumber> said = {};   ///< what the device that is in says, where devices do
    std::string unfit = {};     ///< likewise, in place of a serial of the product; empty: nothing
    bool asksForChoice = false; ///< likewise: no scan of that is taken before the slot was chosen
    bool contested = false;     ///< likewise: another device says the same, and no scan of that is taken
    station::StartBy startBy = station::StartBy::Key;
    /// Why the journal cannot be searched for what came of a test from before the program started.
    std::optional<Error> searchFault = {};
    bool startsAgain = true; ///< a test that was stopped needs no scan to be started again
};

/// \p state as it may be shown. A slot whose device nobody named shows nothing of the last run once that asks nothing of
/// anybody: the device that is in would pass for the one that was tested. SlotBoard::hidesResult() says so, too.
station::SlotState shownState(const station::SlotState& state, const TileContext& context);

/// Of shownState().
TileContent tileContent(const station::SlotState& state, const TileContext& context);

/// "Slot 3, FAIL, D-130, GX-000185. Put it in the RED bin. Saved."
QString accessibleText(const TileContent& content);

/// The marks of a record: saved, and how far it came at its destinations.
std::vector<RecordMark> recordMarks(const enrollment::RecordSummary& record);

} // namespace enroll::ui

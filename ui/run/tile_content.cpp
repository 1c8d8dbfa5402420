#include "ui/run/tile_content.h"

#include "core/base/device_code.h"
#include "core/base/overloaded.h"
#include "core/base/scan_code.h"
#include "core/base/station_code.h"
#include "ui/model/catalog_text.h"
#include "ui/model/step_names.h"
#include "ui/run/step_progress.h"
#include "ui/run/tile_turn.h"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>

namespace enroll::ui {
namespace {

using enrollment::AttestationRun;
using std::chrono::milliseconds;

constexpr milliseconds kTenSeconds{10'000};

struct Tile {
    Q_DECLARE_TR_FUNCTIONS(SlotTile)
};

/// "127.0.0.1:2321", "/dev/tpmrm0": the address without its scheme, which says nothing to the hands.
QString shortAddress(const std::string& address)
{
    const auto text = QString::fromStdString(address);
    const auto scheme = text.indexOf(QLatin1String("://"));
    return scheme < 0 ? text : text.mid(scheme + 3);
}

QString tpmText(const attestation::TpmIdentity& tpm)
{
    return documentText(tpm.manufacturer + " " + tpm.vendorString).simplified();
}

std::vector<RecordMark> noRecordYet()
{
    return {{RecordSymbol::None, Tile::tr("No record yet")}};
}

/// What is known of the device of a slot without a serial; where nobody looks, nothing is.
QString deviceText(const TileContext& context, bool mayBeIn)
{
    if (!context.senses) {
        return Tile::tr("No serial");
    }
    return mayBeIn ? Tile::tr("Device not seen") : Tile::tr("No device");
}

TileContent empty(const TileContext& context)
{
    TileContent tile;
    const bool mayBeIn = !context.senses || context.presence == station::Presence::NotSensed;
    tile.word = mayBeIn ? Tile::tr("FREE", "on the tile of a slot without a serial, where a device may be in")
                        : Tile::tr("EMPTY", "on the tile of a slot without a serial");
    tile.serial = deviceText(context, mayBeIn);
    tile.serialRole = SerialRole::Placeholder;
    tile.instruction = Tile::tr("Scan or type a serial.");
    tile.marks = noRecordYet();
    tile.device = shortAddress(context.device);
    return tile;
}

QString howToStart(const TileContext& context)
{
    if (context.startBy == station::StartBy::Answer && context.presence == station::Presence::Absent) {
        return context.turn == Turn::OnlySlot
                   ? Tile::tr("Put the device in.\nThen F4.")
                   : Tile::tr("Put the device in.\nThen F2, %1, F4.").arg(context.slot.value);
    }
    if (context.startBy == station::StartBy::Answer) {
        return context.turn == Turn::OnlySlot
                   ? Tile::tr("Is it this device?\nF4. Else take it out.")
                   : Tile::tr("Is it this device?\nF2, %1, F4. Else take it out.").arg(context.slot.value);
    }
    if (context.startBy == station::StartBy::Label) {
        return Tile::tr("The device is in.\nStart: scan its label.");
    }
    const bool present = context.presence == station::Presence::Present;
    if (context.startBy != station::StartBy::Key) {
        return present ? Tile::tr("The device is in.\nIt starts by itself.")
                       : Tile::tr("Put the device in.\nIt starts by itself.");
    }
    return present ? Tile::tr("The device is in.\nStart: F4.") : Tile::tr("Put the device in.\nStart: F4.");
}

TileContent ready(const station::SlotReady& state, const TileContext& context)
{
    auto tile = empty(context);
    tile.corner = Tile::tr("Waiting for start");
    tile.word = lookWord(tile.look);
    tile.serial = QString::fromStdString(state.serial.text());
    tile.serialRole = SerialRole::Serial;
    tile.instruction = howToStart(context);
    tile.asks = context.startBy == station::StartBy::Answer && context.presence != station::Presence::Absent;
    if (context.unclear) {
        tile.code = ScanCode::NoClearAnswer;
        tile.corner = codeText(*tile.code);
        tile.reason = headlineText(*tile.code, QString::number(context.slot.value));
    }
    return tile;
}

/// No invitation while the station may not test.
void waitForStation(TileContent& tile)
{
    tile.look = TileLook::Stopped;
    tile.word = Tile::tr("STOPPED");
    tile.instruction = tile.serialRole == SerialRole::Serial ? Tile::tr("Keep the device. The station cannot test.")
                                                             : Tile::tr("The station cannot test.");
}

TileContent running(const station::SlotRunning& state, const TileContext& context)
{
    const auto progress = progressOf(state, context);
    TileContent tile;
    tile.look = TileLook::Running;
    tile.corner = runTimeText(state, context);
    tile.progress = progress;
    tile.word = Tile::tr("STEP %1/%2").arg(progress.current).arg(progress.total);
    tile.serial = QString::fromStdString(state.serial.text());
    tile.instruction = stepName(state.step);
    tile.reason = paceText(progress);
    tile.marks = noRecordYet();
    tile.device = shortAddress(context.device);
    return tile;
}

TileLook lookOf(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Pass:
        return TileLook::Pass;
    case Outcome::Fail:
        return TileLook::Fail;
    case Outcome::Hold:
        return TileLook::Hold;
    case Outcome::StationFault:
        return TileLook::Station;
    case Outcome::Aborted:
        return TileLook::Stopped;
    }
    return TileLook::Station;
}

/// A program that did not keep the subject kept the headline with the subject filled in, in English.
QString reasonOf(const AttestationRun& run, ErrorCode code)
{
    return run.subject ? headlineText(code, documentText(*run.subject)) : documentText(run.headline);
}

QString durationText(milliseconds duration)
{
    return duration < kTenSeconds ? secondsText(duration) : clockText(duration);
}

NoRecord noRecordOf(const AttestationRun& run)
{
    // A station fault of the journal itself is the one case where it does not hold the run.
    if (run.code == StationCode::JournalCannotSave || run.code == StationCode::JournalBusy ||
        run.code == StationCode::InternalFault) {
        return NoRecord::NotRecorded;
    }
    const auto judged = run.outcome != Outcome::StationFault && run.outcome != Outcome::Aborted;
    return judged ? NoRecord::NotSaid : NoRecord::NotCounted;
}

QString noRecordText(NoRecord what)
{
    switch (what) {
    case NoRecord::NotSaid:
        break;
    case NoRecord::NotCounted:
        return Tile::tr("No verdict, not counted");
    case NoRecord::NotRecorded:
        return Tile::tr("Not recorded");
    }
    return {};
}

/// The time of day, or the day itself if it is over.
QString timeText(UtcTime time)
{
    const auto local = QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count());
    const auto today = local.date() == QDate::currentDate();
    return local.toString(today ? QStringLiteral("HH:mm") : QStringLiteral("yyyy-MM-dd"));
}

/// What came of the test stands in the journal, if anywhere.
void waitForJournal(TileContent& tile, const std::optional<Error>& fault)
{
    if (!fault) {
        tile.instruction = Tile::tr("Wait. The station looks for its result.");
        return;
    }
    tile.code = fault->code;
    tile.corner = codeText(fault->code);
    tile.instruction = instructionText(fault->code);
    tile.reason = Tile::tr("Its result cannot be looked up: %1").arg(headlineText(*fault));
}

/// Nobody knows whether there was a test, nor whether a device is in.
void askForTest(TileContent& tile)
{
    tile.serial = Tile::tr("Serial not known");
    tile.serialRole = SerialRole::Placeholder;
    tile.instruction = Tile::tr("Test again what is in: F2, then scan its label.");
    tile.reason = Tile::tr("What it showed is lost. If it is empty: F2, then F8.");
}

QString scanAgain()
{
    return Tile::tr("Test again: F2, then scan its label.");
}

/// Nobody knows what came of the test, nor whether its device is still in: it is scanned again.
TileContent unknown(const station::SlotUnknown& state, const TileContext& context)
{
    TileContent tile;
    tile.look = TileLook::Unknown;
    tile.word = lookWord(tile.look);
    tile.device = shortAddress(context.device);
    tile.noRecord = NoRecord::NotCounted;
    tile.record = noRecordText(tile.noRecord);
    if (!state.test.serial) {
        askForTest(tile);
        return tile;
    }
    tile.corner = timeText(state.test.startedAt);
    tile.serial = documentText(state.test.serial->text());
    if (!state.searched) {
        waitForJournal(tile, context.searchFault);
        return tile;
    }
    tile.instruction = scanAgain();
    tile.reason = Tile::tr("The station stopped before a verdict was saved.");
    return tile;
}

const std::optional<enrollment::RecordSummary>& recordOf(const AttestationRun& run, const TileContext& context)
{
    return context.record ? context.record : run.record;
}

void describeRecord(TileContent& tile, const AttestationRun& run, const TileContext& context)
{
    const auto& record = recordOf(run, context);
    tile.noRecord = noRecordOf(run);
    tile.record = noRecordText(tile.noRecord);
    if (tile.noRecord == NoRecord::NotSaid) {
        tile.marks = record ? recordMarks(*record) : std::vector<RecordMark>{{RecordSymbol::Saved, Tile::tr("Saved")}};
    }
}

void describeVerdict(TileContent& tile, const AttestationRun& run)
{
    if (run.outcome == Outcome::Pass) {
        tile.corner = durationText(run.duration);
        return;
    }
    const auto code = knownIn(run.code);
    tile.code = code;
    tile.corner = code ? codeText(*code) : durationText(run.duration);
    tile.instruction = code ? instructionText(*code, run.outcome.knownOr(Outcome::StationFault)) : QString();
    tile.reason = code ? reasonOf(run, *code) : documentText(run.headline);
}

/// The code of the first destination that rejected the record, and where each such record was set aside, of the first of
/// those; empty if none says one.
std::string rejectionCode(const enrollment::RecordSummary& record)
{
    const auto rejecting = std::ranges::find(record.destinations, record.state, &enrollment::DestinationState::state);
    return rejecting == record.destinations.end() ? std::string() : rejecting->code;
}

/// A PASS is an enrolled device, or one that will be. A destination that rejects its record takes the PASS back, and
/// setting the record aside does not enroll the device.
void describeRejection(TileContent& tile, const enrollment::RecordSummary& record)
{
    const auto text = rejectionCode(record);
    const auto code = errorCodeFromText(text);
    tile.look = TileLook::Rejected;
    tile.word = lookWord(tile.look);
    tile.code = code;
    tile.corner = documentText(text);
    tile.instruction = code ? instructionText(*code) : Tile::tr("Keep the device. Call Quality.");
    tile.reason = code ? headlineText(*code) : Tile::tr("The device passed, its record was rejected.");
}

/// What to do about a device that passed, where it may be out by now, or another one be in.
QString afterPass(const station::SlotFinished& state, const TileContext& context)
{
    if (context.resultLeft || context.presence == station::Presence::Absent) {
        return context.inHand ? putItIn(*context.inHand) : Tile::tr("Its device is out.");
    }
    // Which device is in nobody knows, where one was exchanged between two looks: it is named, and may be compared.
    return state.restored ? Tile::tr("Compare its label, then remove it.")
                          : Tile::tr("Remove %1.").arg(shortSerial(state.run.serialNumber.text()));
}

/// Since it ended the program started anew, and nobody watched the slot meanwhile.
void describeRestart(TileContent& tile, const AttestationRun& run)
{
    tile.endedBefore = run.startedAt + run.duration;
    tile.before = Tile::tr("Before restart, %1", "on a tile: of the result, and when its test ended")
                      .arg(timeText(*tile.endedBefore));
}

/// Its label is asked for, and no scan of that is taken, or taken for its slot, before that was chosen.
bool asksForChoiceFirst(const AttestationRun& run, const TileContext& context)
{
    const auto code = knownIn(run.code);
    const auto outcome = run.outcome.knownOr(Outcome::StationFault);
    const bool isVerdict = outcome == Outcome::Fail || outcome == Outcome::Hold;
    return code && instructionFor(*code, outcome).next == NextStep::ScanAgain && context.turn != Turn::Next &&
           (context.byDevice ? context.asksForChoice : isVerdict);
}

TileContent finished(const station::SlotFinished& state, const TileContext& context)
{
    const auto& run = state.run;
    TileContent tile;
    tile.look = lookOf(run.outcome.knownOr(Outcome::StationFault));
    tile.word = lookWord(tile.look);
    tile.serial = documentText(run.serialNumber.text());
    tile.device = run.tpm ? tpmText(*run.tpm) : shortAddress(context.device);
    describeVerdict(tile, run);
    if (tile.look == TileLook::Pass) {
        tile.instruction = afterPass(state, context);
        tile.reason = state.restored ? QString() : Tile::tr("All %n steps passed.", nullptr, kShownSteps);
    }
    if (run.code == DeviceCode::Cancelled && !context.startsAgain) {
        tile.instruction = scanAgain();
    }
    if (asksForChoiceFirst(run, context)) {
        tile.instruction = Tile::tr("F2 first. %1").arg(tile.instruction);
    }
    if (state.restored) {
        describeRestart(tile, run);
    }
    const bool saysWhatToScan = !context.byDevice && station::asksForScan(run);
    if (tile.look != TileLook::Pass && context.unnamed && !saysWhatToScan) {
        tile.reason =
            !context.byDevice ? Tile::tr("A device is in: scan its slot label, then its serial.")
            : context.said
                ? Tile::tr("The device that is in says %1.").arg(QString::fromStdString(context.said->text()))
            : context.unfit.empty()
                ? Tile::tr("A device is in that says no serial of this product.")
                : Tile::tr("The device that is in says %1: no serial of this product.").arg(shortSerial(context.unfit));
    }
    describeRecord(tile, run, context);
    if (const auto& record = recordOf(run, context);
        tile.look == TileLook::Pass && record && enrollment::isRefused(record->state)) {
        describeRejection(tile, *record);
    }
    return tile;
}

/// Where the device says its serial, no run without a verdict asks for more.
bool saysNothingMore(const station::SlotState& state, const TileContext& context)
{
    const auto* finished = std::get_if<station::SlotFinished>(&state);
    const bool wasAborted = finished != nullptr && finished->run.outcome == Outcome::Aborted;
    return station::isOver(state) || (context.byDevice && wasAborted);
}

TileContent contentOf(const station::SlotState& state, const TileContext& context)
{
    return std::visit(Overloaded{
                          [&](const station::SlotEmpty&) { return empty(context); },
                          [&](const station::SlotReady& bound) { return ready(bound, context); },
                          [&](const station::SlotRunning& run) { return running(run, context); },
                          [&](const station::SlotFinished& result) { return finished(result, context); },
                          [&](const station::SlotUnknown& lost) { return unknown(lost, context); },
                      },
                      state);
}

RecordMark markOf(const enrollment::RecordSummary& record)
{
    switch (record.state.knownOr(enrollment::RecordState::Queued)) {
    case enrollment::RecordState::Queued:
        return {RecordSymbol::Queued, Tile::tr("Queued")};
    case enrollment::RecordState::Sent: // a call was begun; whether it arrived is not known
        return {RecordSymbol::Queued, Tile::tr("No answer yet")};
    case enrollment::RecordState::Accepted:
        return {RecordSymbol::Accepted, Tile::tr("Accepted")};
    case enrollment::RecordState::Rejected:
    case enrollment::RecordState::SetAside: // what the destination said stands
        break;
    }
    const auto code = QString::fromStdString(rejectionCode(record));
    return {RecordSymbol::Rejected, code.isEmpty() ? Tile::tr("Rejected") : Tile::tr("Rejected %1").arg(code), code};
}

} // namespace

std::vector<RecordMark> recordMarks(const enrollment::RecordSummary& record)
{
    std::vector<RecordMark> marks{{RecordSymbol::Saved, Tile::tr("Saved")}};
    if (!record.destinations.empty()) {
        marks.push_back(markOf(record));
    }
    return marks;
}

station::SlotState shownState(const station::SlotState& state, const TileContext& context)
{
    const bool mayBeOther = context.unnamed || (context.unclear && context.resultLeft);
    const bool asked = context.testing == Testing::Allowed && mayBeOther;
    return asked && saysNothingMore(state, context) ? station::SlotEmpty{} : state;
}

TileContent tileContent(const station::SlotState& state, const TileContext& context)
{
    auto tile = contentOf(shownState(state, context), context);
    if (context.testing == Testing::Stopped && tile.look == TileLook::Ready) {
        waitForStation(tile);
    }
    tile.slot = context.slot.value;
    if (context.testing == Testing::Allowed) {
        takeTurn(tile, context);
    }
    return tile;
}

QString accessibleText(const TileContent& content)
{
    QStringList parts{Tile::tr("Slot %1").arg(content.slot), content.word};
    if (content.next && content.word != nextWord()) {
        parts << nextWord();
    }
    if (content.code) {
        parts << content.corner;
    }
    parts << content.serial;
    if (content.endedBefore) {
        parts << content.before;
    }
    const auto state = parts.join(QLatin1String(", "));
    if (content.progress) {
        return Tile::tr("%1. %2.", "read aloud: state of a slot, step").arg(state, content.instruction);
    }
    QStringList record;
    for (const auto& mark : content.marks) {
        record << mark.word;
    }
    if (!content.record.isEmpty()) {
        record << content.record;
    }
    return Tile::tr("%1. %2 %3.", "read aloud: state of a slot, instruction (a sentence), record")
        .arg(state, content.instruction, record.join(QLatin1String(", ")));
}

} // namespace enroll::ui

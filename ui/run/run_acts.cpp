// What the slots' controller keeps of what people do.

#include "ui/run/run_controller.h"

#include <cmath>

namespace enroll::ui {
namespace {

/// What was done about the result in \p slot, which showed \p before.
station::Act actOnResult(station::ActKind what, enrollment::SlotNumber slot, const station::SlotState& before)
{
    station::Act act{.what = what, .slot = slot};
    act.serialNumber = station::serialOf(before);
    if (const auto* finished = std::get_if<station::SlotFinished>(&before)) {
        act.runId = finished->run.runId;
    } else if (const auto* unknown = std::get_if<station::SlotUnknown>(&before)) {
        act.runId = unknown->test.runId;
    }
    return act;
}

} // namespace

void RunController::note(station::Act act, By whom)
{
    if (!m_setup.acts) {
        return;
    }
    act.at = utcNow();
    act.stationId = m_setup.order.stationId;
    const auto somebody = signIn().operatorId();
    const auto* kind = act.what.known();
    const bool saysWho = kind != nullptr && !station::isOfUnknownPerson(*kind);
    // The one who left the station to itself is known, although it is locked by then.
    const bool isKnown = act.what == Word<station::ActKind>{station::ActKind::Locked} || signIn().requireSettled().ok();
    if (whom == By::Person && !act.operatorId && !somebody.empty() && saysWho && isKnown) {
        act.operatorId = somebody;
    }
    if (act.inPlaceOf && (act.inPlaceOf->empty() || act.inPlaceOf == act.operatorId)) {
        act.inPlaceOf.reset(); // nobody gave way
    }
    m_setup.acts->write(act);
}

void RunController::noteAcknowledged(enrollment::SlotNumber slot, const station::SlotState& before)
{
    note(actOnResult(station::ActKind::ResultAcknowledged, slot, before));
}

Result<void> RunController::takeMeasure(const station::MeasuredScreen& measured)
{
    TRY(mayMeasure());
    station::Act act{.what = station::ActKind::ScreenMeasured};
    const auto& screen = measured.screen;
    act.screen = screen.model.empty() ? screen.connector : screen.model;
    act.millimetres = std::llround(measured.widthMillimetres);
    note(std::move(act));
    return {};
}

void RunController::noteReplaced(const station::SlotStates& shown, enrollment::SlotNumber slot,
                                 const enrollment::SerialNumber& serial, station::ActCause cause)
{
    for (const auto& [each, before] : shown) {
        const bool askedForIt = station::serialOf(before) == serial && m_board.state(each) != before;
        if ((each == slot || askedForIt) && station::showsResult(before) && !station::givesWay(before)) {
            auto act = actOnResult(station::ActKind::ResultReplaced, each, before);
            act.cause = cause;
            act.nextSerialNumber = serial;
            note(std::move(act));
        }
    }
}

} // namespace enroll::ui

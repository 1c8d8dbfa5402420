#include "core/station/slot_state.h"

#include "core/base/overloaded.h"

namespace enroll::station {
namespace {

SlotState bound(const SlotState& state, const SerialBound& event)
{
    if (std::holds_alternative<SlotRunning>(state)) {
        return state;
    }
    return SlotReady{event.serial};
}

SlotState takenBack(const SlotState& state)
{
    return std::holds_alternative<SlotReady>(state) ? SlotState{SlotEmpty{}} : state;
}

SlotState acknowledged(const SlotState& state)
{
    const bool shown = std::holds_alternative<SlotFinished>(state) || std::holds_alternative<SlotUnknown>(state);
    return shown ? SlotState{SlotEmpty{}} : state;
}

SlotState started(const SlotState& state, const RunStarted& event)
{
    const auto* ready = std::get_if<SlotReady>(&state);
    if (ready == nullptr) {
        return state;
    }
    return SlotRunning{ready->serial, attestation::AttestationStep::Connect, event.at, event.at, false};
}

SlotState stepped(const SlotState& state, const StepBegan& event)
{
    const auto* running = std::get_if<SlotRunning>(&state);
    if (running == nullptr) {
        return state;
    }
    auto next = *running;
    next.step = event.step;
    next.stepStartedAt = event.at;
    return next;
}

SlotState stopping(const SlotState& state)
{
    const auto* running = std::get_if<SlotRunning>(&state);
    if (running == nullptr) {
        return state;
    }
    auto next = *running;
    next.stopAsked = true;
    return next;
}

SlotState finished(const SlotState& state, const RunFinished& event)
{
    if (!std::holds_alternative<SlotRunning>(state)) {
        return state;
    }
    return SlotFinished{event.run};
}

SlotState judged(const SlotState& state, const RecordJudged& event)
{
    const auto* shown = std::get_if<SlotFinished>(&state);
    if (shown == nullptr) {
        return state;
    }
    auto next = *shown;
    next.recordRejected = event.rejected;
    return next;
}

SlotState kept(const SlotState& state, const TestKept& event)
{
    return std::holds_alternative<SlotEmpty>(state) ? SlotUnknown{event.test, !event.test.serial} : state;
}

SlotState notFound(const SlotState& state)
{
    const auto* unknown = std::get_if<SlotUnknown>(&state);
    return unknown == nullptr ? state : SlotUnknown{unknown->test, true};
}

SlotState foundAgain(const SlotState& state, const TestFound& event)
{
    if (!std::holds_alternative<SlotUnknown>(state) || event.run.outcome == Outcome::Aborted) {
        return notFound(state);
    }
    return SlotFinished{event.run, event.run.record && enrollment::isRefused(event.run.record->state), true};
}

} // namespace

SlotState nextState(const SlotState& state, const SlotEvent& event)
{
    return std::visit(Overloaded{
                          [&](const SerialBound& e) { return bound(state, e); },
                          [&](const SerialTakenBack&) { return takenBack(state); },
                          [&](const ResultAcknowledged&) { return acknowledged(state); },
                          [&](const RunStarted& e) { return started(state, e); },
                          [&](const StepBegan& e) { return stepped(state, e); },
                          [&](const StopAsked&) { return stopping(state); },
                          [&](const RunFinished& e) { return finished(state, e); },
                          [&](const RecordJudged& e) { return judged(state, e); },
                          [&](const TestKept& e) { return kept(state, e); },
                          [&](const TestFound& e) { return foundAgain(state, e); },
                          [&](const TestNotFound&) { return notFound(state); },
                      },
                      event);
}

} // namespace enroll::station

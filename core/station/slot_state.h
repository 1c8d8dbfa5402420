#pragma once

#include "core/enrollment/attestation_run.h"
#include "core/station/kept_test.h"

#include <variant>

namespace enroll::station {

struct SlotEmpty {
    bool operator==(const SlotEmpty&) const = default;
};
/// A serial number is bound; the run is not started yet.
struct SlotReady {
    enrollment::SerialNumber serial;
    bool operator==(const SlotReady&) const = default;
};
struct SlotRunning {
    enrollment::SerialNumber serial;
    attestation::AttestationStep step = attestation::AttestationStep::Connect;
    std::chrono::steady_clock::time_point startedAt{};
    std::chrono::steady_clock::time_point stepStartedAt{};
    bool stopAsked = false;
    bool operator==(const SlotRunning&) const = default;
};
/// The run is over. It is in the journal, unless its code says that the journal could not save it.
struct SlotFinished {
    enrollment::AttestationRun run;
    bool recordRejected = false; ///< a destination refused the record of a PASS
    bool restored = false;       ///< shown again after a restart: nobody saw whether its device stayed
    bool operator==(const SlotFinished&) const = default;
};

/// What the slot showed when the program ended. Until the journal was searched, nobody knows what came of it.
struct SlotUnknown {
    KeptTest test;
    bool searched = false; ///< the journal holds no verdict, or nobody knows of which test: it is to be tested again
    bool operator==(const SlotUnknown&) const = default;
};

using SlotState = std::variant<SlotEmpty, SlotReady, SlotRunning, SlotFinished, SlotUnknown>;

struct SerialBound {
    enrollment::SerialNumber serial;
};
/// Before its run: the slot is empty again.
struct SerialTakenBack {};
/// Somebody dealt with the result: the slot is empty again.
struct ResultAcknowledged {};
struct RunStarted {
    std::chrono::steady_clock::time_point at{};
};
struct StepBegan {
    attestation::AttestationStep step;
    std::chrono::steady_clock::time_point at{};
};
struct StopAsked {};
struct RunFinished {
    enrollment::AttestationRun run;
};
/// What became of the record of the run that the slot shows.
struct RecordJudged {
    bool rejected = false;
};
/// The program starts anew: what the slot showed before.
struct TestKept {
    KeptTest test;
};
/// The run that came of the test that was kept, as the journal holds it. One that was stopped judged nothing, and its
/// device may be another one by now: it is shown like a test without a run.
struct TestFound {
    enrollment::AttestationRun run;
};
/// The journal holds no run that came of the test that was kept.
struct TestNotFound {};
using SlotEvent = std::variant<SerialBound, SerialTakenBack, ResultAcknowledged, RunStarted, StepBegan, StopAsked,
                               RunFinished, RecordJudged, TestKept, TestFound, TestNotFound>;

/// The state after \p event. An event that does not fit the state changes nothing. Pure.
SlotState nextState(const SlotState& state, const SlotEvent& event);

} // namespace enroll::station

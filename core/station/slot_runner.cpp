#include "core/station/slot_runner.h"

#include "core/base/station_code.h"
#include "core/base/uuid.h"
#include "core/base/without_exceptions.h"

#include <atomic>
#include <system_error>
#include <thread>

namespace enroll::station {
namespace {

using attestation::AttestationStep;
using enrollment::AttestationRun;
using enrollment::EnrollmentOrder;

constexpr auto kThread = "slot thread";

/// Reports the steps of enrollDevice() as events of one slot.
class EventReporter final : public attestation::StepReporter {
public:
    EventReporter(enrollment::SlotNumber slot, SlotEventSink& sink) : m_slot(slot), m_sink(sink) {}

    void began(AttestationStep step) override
    {
        m_sink.slotEvent(m_slot, StepBegan{step, std::chrono::steady_clock::now()});
    }

    void ended(const attestation::StepRecord&) override {}

private:
    enrollment::SlotNumber m_slot;
    SlotEventSink& m_sink;
};

/// A run for the case that the station could not test the device: its port, its journal or an exception.
AttestationRun faultRun(const EnrollmentOrder& order, const Error& error, UtcTime startedAt)
{
    const auto& row = describe(error.code);
    AttestationRun run;
    run.runId = order.runId ? *order.runId : enrollment::RunId{makeUuidV7()};
    run.stationId = order.stationId;
    run.operatorId = order.operatorId;
    run.batch = order.batch;
    run.slot = order.slot;
    run.serialNumber = order.serialNumber;
    run.device = order.device;
    run.profile = order.profile.stamp;
    run.startedAt = startedAt;
    run.duration = utcNow() - startedAt;
    run.outcome = row.verdict.value_or(Outcome::StationFault);
    run.code = error.code;
    run.headline = headlineOf(error);
    run.nextStep = row.instruction;
    run.subject = error.subject;
    run.findings.push_back({"run-not-possible", attestation::Severity::Info, describeForLog(error), std::nullopt});
    run.software = order.software;
    return run;
}

/// Records a faultRun(). If the journal fails, too, the result is a run with the journal's fault instead.
AttestationRun recorded(const EnrollmentOrder& order, const AttestationRun& run, enrollment::Journal& journal)
{
    const auto committed = journal.commit(run, std::nullopt);
    return committed.ok() ? run : faultRun(order, enrollment::journalFault(committed.error()), run.startedAt);
}

} // namespace

struct SlotRunner::Impl {
    enrollment::SlotNumber slot;
    RunFactories factories;
    SlotEventSink& sink;
    std::shared_ptr<SlotMemory> memory;
    std::optional<enrollment::RunId> runId; ///< of the owner's thread
    std::atomic<bool> running{false};
    std::jthread thread; // last: joined before anything it uses is destroyed

    AttestationRun execute(const EnrollmentOrder& order, const std::stop_token& stop, const JournalPorts& ports) const
    {
        const auto startedAt = utcNow();
        auto trusting = order;
        if (factories.trust) {
            auto trust = factories.trust(stop);
            if (!trust.ok()) {
                return recorded(order, faultRun(order, trust.error(), startedAt), *ports.journal);
            }
            trusting.anchors = std::move(trust).value();
        }
        const auto device = factories.tpm(order, stop);
        if (!device.ok()) {
            return recorded(order, faultRun(order, device.error(), startedAt), *ports.journal);
        }
        EventReporter reporter{slot, sink};
        return enrollment::enrollDevice(trusting, {**device, *ports.ekIndex, *ports.journal, *factories.readKeys},
                                        reporter, stop);
    }

    Result<void> keepStart(const EnrollmentOrder& order, UtcTime startedAt) const
    {
        return memory
                   ? withoutExceptions<void>(kThread,
                                             [&] {
                                                 return memory->begin(slot, {order.serialNumber, startedAt, order.runId,
                                                                             order.device, order.profile.stamp.sha256});
                                             })
                   : Result<void>{};
    }

    /// execute() with every exception turned into a run with a station fault, which is recorded if the journal works.
    AttestationRun executeSafely(const EnrollmentOrder& order, const std::stop_token& stop) const
    {
        const auto startedAt = utcNow();
        const auto ports = withoutExceptions<JournalPorts>(kThread, [&] { return factories.journal(); });
        if (!ports.ok()) {
            return faultRun(order, ports.error(), startedAt);
        }
        if (const auto kept = keepStart(order, startedAt); !kept.ok()) {
            return faultRun(order, kept.error(), startedAt);
        }
        auto run = withoutExceptions<AttestationRun>(kThread, [&] { return execute(order, stop, *ports); });
        if (run.ok()) {
            return std::move(run).value();
        }
        auto again = order;
        again.runId.reset(); // the run may be in the journal
        const auto fault = faultRun(again, run.error(), startedAt);
        const auto told =
            withoutExceptions<AttestationRun>(kThread, [&] { return recorded(again, fault, *ports->journal); });
        return told.ok() ? *told : fault;
    }

    void run(const EnrollmentOrder& order, const std::stop_token& stop)
    {
        sink.slotEvent(slot, RunStarted{std::chrono::steady_clock::now()});
        auto finished = executeSafely(order, stop);
        // Set before the event is sent: the receiver may start the next run at once.
        running = false;
        sink.slotEvent(slot, RunFinished{std::move(finished)});
    }

    /// Throws std::system_error if the system has no thread left.
    void begin(EnrollmentOrder order)
    {
        enrollment::RunId made{makeUuidV7()};
        order.runId = made; // kept before the run: whoever finds it later looks for no other
        thread = std::jthread{[this, order = std::move(order)](const std::stop_token& stop) {
            runThread(kThread, [&] { run(order, stop); });
        }};
        runId = std::move(made);
    }
};

SlotRunner::SlotRunner(enrollment::SlotNumber slot, RunFactories factories, SlotEventSink& sink,
                       std::shared_ptr<SlotMemory> memory)
    : m_impl(new Impl{slot, std::move(factories), sink, std::move(memory), {}, false, {}})
{}

SlotRunner::~SlotRunner() = default;

Result<void> SlotRunner::start(EnrollmentOrder order)
{
    if (running()) {
        return makeError(StationCode::InternalFault, "a run is going on in this slot", "start run");
    }
    m_impl->running = true;
    try {
        m_impl->begin(std::move(order));
    } catch (const std::system_error& noThread) {
        m_impl->running = false;
        return makeError(StationCode::InternalFault, noThread.what(), "start run", Errno{noThread.code().value()});
    }
    return {};
}

void SlotRunner::requestStop() noexcept
{
    m_impl->thread.request_stop();
}

const std::optional<enrollment::RunId>& SlotRunner::runId() const noexcept
{
    return m_impl->runId;
}

bool SlotRunner::running() const noexcept
{
    return m_impl->running;
}

} // namespace enroll::station

#include "core/base/cancellation.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/station/slot_runner.h"
#include "tests/support/ek_authority.h"
#include "tests/support/fake_device_tpm.h"
#include "tests/support/gated_journal.h"
#include "tests/support/stalling_tpm.h"
#include "tests/support/worked_challenge.h"

#include <QTest>

#include <condition_variable>
#include <future>
#include <latch>
#include <pthread.h>
#include <stdexcept>

using namespace enroll;
using namespace enroll::station;
using namespace std::chrono_literals;
using attestation::AttestationStep;
using enrollment::AttestationRun;

namespace {

/// Collects a slot's events and lets the test wait for one.
class EventLog final : public SlotEventSink {
public:
    void slotEvent(enrollment::SlotNumber, const SlotEvent& event) override
    {
        {
            const std::lock_guard lock(m_mutex);
            m_events.push_back(event);
            m_grown.notify_all();
        }
        if (const auto* begun = std::get_if<StepBegan>(&event); begun != nullptr && begun->step == m_heldIn) {
            m_goOn.wait();
        }
    }

    /// The run stays in this step until goOn().
    void holdIn(AttestationStep step) { m_heldIn = step; }
    void goOn() { m_goOn.count_down(); }

    template <class E>
    std::optional<E> waitFor(std::size_t nth = 1)
    {
        std::unique_lock lock(m_mutex);
        std::optional<E> found;
        m_grown.wait_for(lock, 30s, [&] {
            found = nthOf<E>(nth);
            return found.has_value();
        });
        return found;
    }

    std::vector<AttestationStep> steps()
    {
        const std::lock_guard lock(m_mutex);
        std::vector<AttestationStep> steps;
        for (const auto& event : m_events) {
            if (const auto* step = std::get_if<StepBegan>(&event)) {
                steps.push_back(step->step);
            }
        }
        return steps;
    }

private:
    template <class E>
    std::optional<E> nthOf(std::size_t nth) const
    {
        for (const auto& event : m_events) {
            if (std::holds_alternative<E>(event) && --nth == 0) {
                return std::get<E>(event);
            }
        }
        return std::nullopt;
    }

    std::mutex m_mutex;
    std::condition_variable m_grown;
    std::vector<SlotEvent> m_events;
    std::optional<AttestationStep> m_heldIn;
    std::latch m_goOn{1};
};

const test::DeviceKeys& keys()
{
    static const auto value = test::WorkedChallenge{}.keys();
    return value;
}

DeviceTpmFactory stalling()
{
    return [](const enrollment::EnrollmentOrder&,
              std::stop_token stop) -> Result<std::unique_ptr<attestation::DeviceTpm>> {
        return std::unique_ptr<attestation::DeviceTpm>{std::make_unique<test::StallingTpm>(std::move(stop))};
    };
}

/// Notes what is kept.
class NotingMemory final : public SlotMemory {
public:
    explicit NotingMemory(std::optional<Error> refusal = std::nullopt) : m_refusal(std::move(refusal)) {}

    [[nodiscard]] const KeptTests& kept() const noexcept override { return m_none; }
    Result<void> begin(enrollment::SlotNumber slot, const KeptTest& test) override
    {
        begun.emplace_back(slot, test);
        return m_refusal ? Result<void>{*m_refusal} : Result<void>{};
    }
    void change(enrollment::SlotNumber, const std::optional<KeptTest>&) override {}

    std::vector<std::pair<enrollment::SlotNumber, KeptTest>> begun; ///< read while nothing runs

private:
    KeptTests m_none;
    std::optional<Error> m_refusal;
};

/// A slot with a genuine device, unless the test puts another TPM in.
struct Slot {
    test::EkAuthority authority;
    EventLog events;
    test::GatedJournal journal;
    std::shared_ptr<SlotMemory> memory;
    TrustFactory trust;
    DeviceTpmFactory tpm = [this](const enrollment::EnrollmentOrder&,
                                  const std::stop_token&) -> Result<std::unique_ptr<attestation::DeviceTpm>> {
        auto device = std::make_unique<test::FakeDeviceTpm>(keys());
        device->setCertificateNv(authority.issue(keys().endorsementKey.pem));
        return std::unique_ptr<attestation::DeviceTpm>{std::move(device)};
    };

    std::unique_ptr<SlotRunner> runner()
    {
        return std::make_unique<SlotRunner>(enrollment::SlotNumber{3}, RunFactories{journal.factory(), tpm, trust},
                                            events, memory);
    }
    [[nodiscard]] enrollment::EnrollmentOrder order() const
    {
        enrollment::EnrollmentOrder order;
        order.slot = {3};
        order.serialNumber = enrollment::SerialNumber{"GX-000183"};
        order.device = "tcp://127.0.0.1:2321";
        order.anchors = authority.anchors();
        return order;
    }

    /// The run of a genuine device that is asked to stop while \p step goes on.
    std::optional<AttestationRun> stoppedIn(AttestationStep step)
    {
        const auto slotRunner = runner();
        events.holdIn(step);
        if (!slotRunner->start(order()).ok() || !events.waitFor<StepBegan>(static_cast<std::size_t>(step) + 1)) {
            return std::nullopt;
        }
        slotRunner->requestStop();
        events.goOn();
        const auto end = events.waitFor<RunFinished>();
        return end ? std::optional{end->run} : std::nullopt;
    }
};

/// A device that must not be opened.
DeviceTpmFactory untouchable()
{
    return [](const enrollment::EnrollmentOrder&,
              const std::stop_token&) -> Result<std::unique_ptr<attestation::DeviceTpm>> {
        throw std::runtime_error("touched");
    };
}

/// While it lives no thread can be made: each would get a stack larger than any machine's memory.
class NoThreads {
public:
    NoThreads()
    {
        ::pthread_getattr_default_np(&m_before);
        pthread_attr_t huge{};
        ::pthread_attr_init(&huge);
        ::pthread_attr_setstacksize(&huge, std::size_t{1} << 62U);
        ::pthread_setattr_default_np(&huge);
        ::pthread_attr_destroy(&huge);
    }
    ~NoThreads()
    {
        ::pthread_setattr_default_np(&m_before);
        ::pthread_attr_destroy(&m_before);
    }
    NoThreads(const NoThreads&) = delete;
    NoThreads& operator=(const NoThreads&) = delete;

private:
    pthread_attr_t m_before{};
};

} // namespace

class SlotRunnerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsEveryStepAndTheVerdict()
    {
        Slot slot;
        const auto runner = slot.runner();
        QVERIFY(runner->start(slot.order()).ok());
        const auto end = slot.events.waitFor<RunFinished>();
        QVERIFY(end);
        QVERIFY(end->run.outcome == Outcome::Pass);
        QVERIFY(slot.events.steps() == std::vector(attestation::kAllSteps.begin(), attestation::kAllSteps.end()));
        QCOMPARE(slot.journal.runs(), std::size_t{1});
    }

    void runsOneDeviceAtATime()
    {
        Slot slot;
        slot.tpm = stalling();
        const auto runner = slot.runner();
        QVERIFY(runner->start(slot.order()).ok());
        QVERIFY(slot.events.waitFor<StepBegan>());
        const auto second = runner->start(slot.order());
        QVERIFY(!second.ok());
        QVERIFY(second.error().code == StationCode::InternalFault);
    }

    void canStartAgainAsSoonAsTheEndIsTold()
    {
        Slot slot;
        const auto runner = slot.runner();
        QVERIFY(runner->start(slot.order()).ok());
        QVERIFY(slot.events.waitFor<RunFinished>());
        QVERIFY(runner->start(slot.order()).ok());
        QVERIFY(slot.events.waitFor<RunFinished>(2));
    }

    void aStopEndsAWaitForASilentTpmAndIsRecorded()
    {
        Slot slot;
        slot.tpm = stalling();
        const auto runner = slot.runner();
        QVERIFY(runner->start(slot.order()).ok());
        QVERIFY(slot.events.waitFor<StepBegan>());
        runner->requestStop();
        const auto end = slot.events.waitFor<RunFinished>();
        QVERIFY(end);
        QVERIFY(end->run.outcome == Outcome::Aborted);
        QVERIFY(end->run.code == DeviceCode::Cancelled);
        QCOMPARE(slot.journal.runs(), std::size_t{1});
    }

    void aStopAfterTheVerdictTakesNoVerdictBack()
    {
        Slot slot;
        const auto run = slot.stoppedIn(AttestationStep::CheckPolicy);
        QVERIFY(run);
        QVERIFY(run->outcome == Outcome::Pass);
        QCOMPARE(slot.journal.runs(), std::size_t{1});
    }

    void aStopBetweenTwoStepsAbortsTheRun()
    {
        Slot slot;
        const auto run = slot.stoppedIn(AttestationStep::TestAttestation);
        QVERIFY(run);
        QVERIFY(run->outcome == Outcome::Aborted);
        QVERIFY(slot.events.steps().back() == AttestationStep::Record);
        QCOMPARE(slot.journal.runs(), std::size_t{1});
    }

    void theDestructorEndsARunThatStalls()
    {
        Slot slot;
        slot.tpm = stalling();
        auto runner = slot.runner();
        QVERIFY(runner->start(slot.order()).ok());
        QVERIFY(slot.events.waitFor<StepBegan>());
        runner.reset();
        QVERIFY(slot.events.waitFor<RunFinished>());
        QCOMPARE(slot.journal.runs(), std::size_t{1});
    }

    void anExceptionBecomesAStationFault()
    {
        Slot slot;
        slot.tpm = [](const enrollment::EnrollmentOrder&,
                      const std::stop_token&) -> Result<std::unique_ptr<attestation::DeviceTpm>> {
            throw std::runtime_error("out of something");
        };
        const auto runner = slot.runner();
        QVERIFY(runner->start(slot.order()).ok());
        const auto end = slot.events.waitFor<RunFinished>();
        QVERIFY(end);
        QVERIFY(end->run.outcome == Outcome::StationFault);
        QVERIFY(end->run.code == StationCode::InternalFault);
        QVERIFY(end->run.findings.front().text.find("out of something") != std::string::npos);
        QCOMPARE(slot.journal.runs(), std::size_t{1});
    }

    void whatAJournalSaysWithAForeignCodeIsThatNothingWasSaved()
    {
        Slot slot;
        slot.journal.failCommit(makeError(DeviceCode::TpmTimedOut, "no journal says this"));
        slot.tpm = [](const enrollment::EnrollmentOrder&,
                      const std::stop_token&) -> Result<std::unique_ptr<attestation::DeviceTpm>> {
            return makeError(StationCode::StationCannotReachPort, "no such port");
        };
        const auto runner = slot.runner();
        QVERIFY(runner->start(slot.order()).ok());
        const auto end = slot.events.waitFor<RunFinished>();
        QVERIFY(end);
        QVERIFY(end->run.outcome == Outcome::StationFault);
        QVERIFY(end->run.code == StationCode::JournalCannotSave);
    }

    void aSlotWithoutAThreadIsFreeAgain()
    {
        Slot slot;
        const auto runner = slot.runner();
        {
            const NoThreads none;
            const auto started = runner->start(slot.order());
            QVERIFY(!started.ok());
            QVERIFY(started.error().code == StationCode::InternalFault);
        }
        QVERIFY(!runner->running());
        QVERIFY(runner->start(slot.order()).ok());
        QVERIFY(slot.events.waitFor<RunFinished>());
    }

    void aJournalThatCannotBeOpenedIsNoVerdict()
    {
        Slot slot;
        SlotRunner runner(
            {3},
            {[]() -> Result<JournalPorts> { return makeError(StationCode::JournalCannotSave, "disk full"); }, slot.tpm},
            slot.events);
        QVERIFY(runner.start(slot.order()).ok());
        const auto end = slot.events.waitFor<RunFinished>();
        QVERIFY(end);
        QVERIFY(end->run.outcome == Outcome::StationFault);
        QVERIFY(end->run.code == StationCode::JournalCannotSave);
        QVERIFY(slot.events.steps().empty());
    }

    void aDeviceThatCannotBeReachedIsRecorded()
    {
        Slot slot;
        slot.tpm = [](const enrollment::EnrollmentOrder&,
                      const std::stop_token&) -> Result<std::unique_ptr<attestation::DeviceTpm>> {
            return makeError(StationCode::StationCannotReachPort, "no such port");
        };
        const auto runner = slot.runner();
        QVERIFY(runner->start(slot.order()).ok());
        const auto end = slot.events.waitFor<RunFinished>();
        QVERIFY(end);
        QVERIFY(end->run.code == StationCode::StationCannotReachPort);
        QCOMPARE(slot.journal.runs(), std::size_t{1});
    }

    /// One runner, two devices of one maker: what the station trusts came in between.
    void eachRunIsJudgedByWhatIsTrustedThen()
    {
        Slot slot;
        crypto::TrustStore now;
        slot.trust = [&now](const std::stop_token&) { return Result{now}; };
        const auto runner = slot.runner();
        QVERIFY(runner->start(slot.order()).ok());
        const auto first = slot.events.waitFor<RunFinished>();
        QVERIFY(first);
        QVERIFY(first->run.outcome == Outcome::Hold); // whatever the order says
        now = slot.authority.anchors();
        auto order = slot.order();
        order.anchors = {};
        QVERIFY(runner->start(order).ok());
        const auto second = slot.events.waitFor<RunFinished>(2);
        QVERIFY(second);
        QVERIFY(second->run.outcome == Outcome::Pass);
    }

    void withoutItsTrustAStationTouchesNoDevice()
    {
        Slot slot;
        slot.trust = [](const std::stop_token&) -> Result<crypto::TrustStore> {
            return makeError(StationCode::FileUnusable, "makers.pem cannot be read");
        };
        slot.tpm = untouchable();
        const auto runner = slot.runner();
        QVERIFY(runner->start(slot.order()).ok());
        const auto end = slot.events.waitFor<RunFinished>();
        QVERIFY(end);
        QVERIFY(end->run.outcome == Outcome::StationFault);
        QVERIFY(end->run.code == StationCode::FileUnusable);
        QCOMPARE(slot.journal.runs(), std::size_t{1});
    }

    /// Somebody imports for minutes, and the station is to end now.
    void aStopEndsTheWaitForItsTrust()
    {
        Slot slot;
        std::promise<void> waits;
        slot.trust = [&waits](const std::stop_token& stop) -> Result<crypto::TrustStore> {
            std::promise<void> stopped;
            const std::stop_callback end{stop, [&stopped] { stopped.set_value(); }};
            waits.set_value();
            stopped.get_future().wait();
            return stopAsked();
        };
        slot.tpm = untouchable();
        const auto runner = slot.runner();
        QVERIFY(runner->start(slot.order()).ok());
        waits.get_future().wait();
        runner->requestStop();
        const auto end = slot.events.waitFor<RunFinished>();
        QVERIFY(end);
        QVERIFY(end->run.outcome == Outcome::Aborted);
        QVERIFY(end->run.code == DeviceCode::Cancelled);
        QCOMPARE(slot.journal.runs(), std::size_t{1});
    }

    void aRunIsKeptBeforeItsDeviceIsTouched()
    {
        Slot slot;
        const auto memory = std::make_shared<NotingMemory>();
        slot.memory = memory;
        std::size_t keptBefore = 0;
        slot.tpm = [&, genuine = slot.tpm](const enrollment::EnrollmentOrder& order, const std::stop_token& stop) {
            keptBefore = memory->begun.size();
            return genuine(order, stop);
        };
        const auto runner = slot.runner();
        QVERIFY(!runner->runId());
        QVERIFY(runner->start(slot.order()).ok());
        const auto end = slot.events.waitFor<RunFinished>();
        QVERIFY(end);
        QVERIFY(runner->runId() == end->run.runId);
        QCOMPARE(keptBefore, std::size_t{1});
        QCOMPARE(memory->begun.size(), std::size_t{1});
        const auto& [number, test] = memory->begun.front();
        QVERIFY(number == enrollment::SlotNumber{3} && test.serial == slot.order().serialNumber);
        QVERIFY(test.runId == end->run.runId); // whoever looks for its result looks for this one
        QCOMPARE(test.device, slot.order().device);
        QVERIFY(test.startedAt <= end->run.startedAt);
    }

    void aRunThatCannotBeKeptTouchesNoDevice()
    {
        Slot slot;
        slot.memory = std::make_shared<NotingMemory>(makeError(StationCode::JournalCannotSave, "the disk is full"));
        slot.tpm = untouchable();
        const auto runner = slot.runner();
        QVERIFY(runner->start(slot.order()).ok());
        const auto end = slot.events.waitFor<RunFinished>();
        QVERIFY(end);
        QVERIFY(end->run.outcome == Outcome::StationFault);
        QVERIFY(end->run.code == StationCode::JournalCannotSave);
        QCOMPARE(slot.journal.runs(), std::size_t{0});
    }

    void eightSlotsRunAtOnceAndStopAtOnce()
    {
        Slot slot;
        slot.tpm = stalling();
        std::vector<std::unique_ptr<SlotRunner>> runners;
        for (int i = 0; i < 8; ++i) {
            runners.push_back(slot.runner());
            QVERIFY(runners.back()->start(slot.order()).ok());
        }
        QVERIFY(slot.events.waitFor<StepBegan>(8));
        for (const auto& runner : runners) {
            runner->requestStop();
        }
        QVERIFY(slot.events.waitFor<RunFinished>(8));
    }
};

QTEST_GUILESS_MAIN(SlotRunnerTest)
#include "tst_slot_runner.moc"

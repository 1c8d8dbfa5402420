#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "tests/ui/run/tile_samples.h"
#include "ui/run/run_controller.h"

#include <QTest>

#include <atomic>

using namespace enroll;
using namespace enroll::ui;
using enrollment::SerialNumber;
using enrollment::SlotNumber;
using station::KeptTest;
using station::KeptTests;

namespace {

const KeptTest kTest{SerialNumber{"GX-000183"}, UtcTime{std::chrono::hours{1}}, std::nullopt, "tcp://127.0.0.1:9"};
using Found = std::map<SlotNumber, std::optional<enrollment::AttestationRun>>;

/// What was kept, and what is told since.
struct Memory final : station::SlotMemory {
    explicit Memory(KeptTests tests) : atStart(std::move(tests)), now(atStart) {}

    [[nodiscard]] const KeptTests& kept() const noexcept override { return atStart; }
    Result<void> begin(SlotNumber, const KeptTest&) override
    {
        begun = true;
        return makeError(StationCode::JournalCannotSave, "no run in this test");
    }
    void change(SlotNumber slot, const std::optional<KeptTest>& test) override
    {
        ++told;
        test ? static_cast<void>(now[slot] = *test) : static_cast<void>(now.erase(slot));
    }

    KeptTests atStart;
    KeptTests now;
    int told = 0;
    std::atomic<bool> begun{false};
};

/// A station of two slots that starts with \p kept.
struct Started {
    explicit Started(KeptTests kept) : memory(std::make_shared<Memory>(std::move(kept))), controller(setupOf(memory)) {}
    static RunSetup setupOf(const std::shared_ptr<Memory>& memory)
    {
        RunSetup setup;
        setup.devices = {{SlotNumber{1}, "tcp://127.0.0.1:9"}, {SlotNumber{2}, "tcp://127.0.0.1:9"}};
        setup.memory = memory;
        setup.factories.journal = [] { return station::JournalPorts{}; };
        setup.factories.tpm = [](const enrollment::EnrollmentOrder&,
                                 const std::stop_token&) -> Result<std::unique_ptr<attestation::DeviceTpm>> {
            return makeError(DeviceCode::NoTpmAnswers, "never reached");
        };
        return setup;
    }
    template <class State>
    [[nodiscard]] bool shows(int slot) const
    {
        return std::holds_alternative<State>(controller.board().state({slot}));
    }

    std::shared_ptr<Memory> memory;
    RunController controller;
};

} // namespace

/// The slots of a station that starts again.
class RunControllerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsWhatWasKeptUntilTheJournalSaysMore()
    {
        Started station({{SlotNumber{1}, kTest}, {SlotNumber{9}, kTest}});
        QVERIFY(station.shows<station::SlotUnknown>(1) && station.shows<station::SlotEmpty>(2));
        QVERIFY(station.controller.unsearched() == (KeptTests{{SlotNumber{1}, kTest}}));
        QCOMPARE(station.memory->told, 0);

        const auto run = test::sampleRun(Outcome::Fail, DeviceCode::AttestationWrong, "GX-000183");
        station.controller.takeKept(Found{{SlotNumber{1}, run}});
        QVERIFY(station.shows<station::SlotFinished>(1));
        QVERIFY(station.controller.unsearched().empty());
        QVERIFY(station.memory->now.at({1}).runId == run.runId);
    }

    void whatWasShownAtAnotherAddressIsNotShown()
    {
        auto elsewhere = kTest;
        elsewhere.device = "tcp://127.0.0.1:10";
        Started station({{SlotNumber{1}, elsewhere}});
        QVERIFY(station.shows<station::SlotEmpty>(1));
    }

    /// However often the station starts.
    void aTestWithoutARunStaysKeptAsItIs()
    {
        Started station({{SlotNumber{1}, kTest}});
        station.controller.takeKept(Found{{SlotNumber{1}, std::nullopt}});
        QVERIFY(station.controller.unsearched().empty());
        QVERIFY(station.shows<station::SlotUnknown>(1));
        QVERIFY(station.memory->now == station.memory->atStart);
        QVERIFY(*station.controller.acknowledge({1}));
        QVERIFY(station.memory->now.empty());
    }

    void aSlotThatIsUnknownIsNotStartedWithoutAScan()
    {
        Started station({{SlotNumber{1}, kTest}});
        station.controller.takeKept(Found{{SlotNumber{1}, std::nullopt}});
        QVERIFY(station.controller.start({1}) == RunController::Start::NothingBound);
        QCOMPARE(station.controller.startAllReady(SlotNumber{1}), 0);
        QVERIFY(station.controller.bindSerial("GX-000183", SlotNumber{1}).ok());
        QVERIFY(station.memory->now.at({1}).serial == kTest.serial); // while it waits, too
        QVERIFY(station.controller.start({1}) == RunController::Start::Started);
    }

    void whyNobodyCanSearchIsKnownUntilSomebodyDid()
    {
        Started station({{SlotNumber{1}, kTest}});
        int changes = 0;
        QObject::connect(&station.controller, &RunController::slotChanged, &station.controller,
                         [&changes](SlotNumber slot) { changes += slot == SlotNumber{1} ? 1 : 0; });
        station.controller.cannotSearch(makeError(StationCode::JournalAltered, "of this test"));
        QVERIFY(station.controller.searchFault() && changes == 1);
        QVERIFY(!station.controller.unsearched().empty()); // it is asked again
        station.controller.takeKept(Found{{SlotNumber{1}, std::nullopt}});
        QVERIFY(!station.controller.searchFault());
    }

    void aTestWithoutASerialIsNotSearchedFor()
    {
        const KeptTest lost{std::nullopt, UtcTime{std::chrono::hours{1}}, std::nullopt, "tcp://127.0.0.1:9"};
        Started station({{SlotNumber{1}, lost}});
        QVERIFY(station.shows<station::SlotUnknown>(1));
        QVERIFY(station.controller.unsearched().empty());
        QVERIFY(station.controller.bindSerial("GX-000183", SlotNumber{1}).ok());
        QVERIFY(station.memory->now.at({1}).serial == kTest.serial);
    }

    void anAnswerThatComesTooLateChangesNothing()
    {
        Started station({{SlotNumber{1}, kTest}});
        QVERIFY(!*station.controller.acknowledge({1})); // its result may be a FAIL
        QVERIFY(station.controller.bindSerial("GX-000183", SlotNumber{1}).ok());
        station.controller.takeKept(Found{{SlotNumber{1}, test::sampleRun(Outcome::Pass, std::nullopt, "GX-000183")}});
        QVERIFY(station.shows<station::SlotReady>(1));
    }

    /// No event told of it: it is asked for at each start, and what was bound waits.
    void whatHindersByTimeAloneStartsNothing()
    {
        Started station({});
        std::optional<Error> hindrance;
        station.controller.askBeforeStart([&hindrance] { return hindrance; });
        QVERIFY(station.controller.bindSerial("GX-000184", SlotNumber{2}).ok());
        hindrance = makeError(StationCode::SelfCheckOverdue, "of this test");
        QVERIFY(station.controller.whyNothingStarts()->code == StationCode::SelfCheckOverdue);
        QVERIFY(station.controller.start({2}) == RunController::Start::Refused);
        QCOMPARE(station.controller.startAllReady(SlotNumber{2}), 0);
        QVERIFY(station.shows<station::SlotReady>(2));
        hindrance.reset();
        QVERIFY(station.controller.start({2}) == RunController::Start::Started);
    }

    void theStartOfARunIsKeptByItsThreadAlone()
    {
        Started station({});
        QVERIFY(station.controller.bindSerial("GX-000184", SlotNumber{2}).ok());
        const auto told = station.memory->told;
        QVERIFY(station.controller.start({2}) == RunController::Start::Started);
        QCOMPARE(station.memory->told, told);
        QTRY_VERIFY(station.shows<station::SlotFinished>(2));
        QVERIFY(station.memory->begun);
        QVERIFY(station.memory->now.contains({2}));
    }
};

QTEST_GUILESS_MAIN(RunControllerTest)
#include "tst_run_controller.moc"

#include "core/station/slot_memory.h"

#include <QTest>

using namespace enroll;
using namespace enroll::station;
using enrollment::RunId;
using enrollment::SerialNumber;
using enrollment::SlotNumber;

namespace {

const SerialNumber kSerial{"GX-000183"};
constexpr UtcTime kStart{std::chrono::hours{7}};

/// Notes what it is told last.
struct LastWord final : SlotMemory {
    [[nodiscard]] const KeptTests& kept() const noexcept override { return none; }
    Result<void> begin(SlotNumber, const KeptTest&) override { return {}; }
    void change(SlotNumber slot, const std::optional<KeptTest>& test) override { told.emplace(slot, test); }

    KeptTests none;
    std::map<SlotNumber, std::optional<KeptTest>> told;
};

std::map<SlotNumber, std::optional<KeptTest>> toldOf(const SlotState& state)
{
    LastWord memory;
    keepState(memory, {3}, state, "tcp://127.0.0.1:9", {"Open", "1", "ab12"});
    return memory.told;
}

std::map<SlotNumber, std::optional<KeptTest>> toldAs(const std::optional<KeptTest>& test)
{
    return {{SlotNumber{3}, test}};
}

} // namespace

class SlotMemoryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Its device may be in, and a result that it replaced was not dealt with.
    void aSerialThatWaitsIsKeptWithoutARun()
    {
        QVERIFY(toldOf(SlotEmpty{}) == toldAs(std::nullopt));
        const auto told = toldOf(SlotReady{kSerial}).at({3});
        QVERIFY(told && told->serial == kSerial && !told->runId);
        QCOMPARE(told->device, std::string{"tcp://127.0.0.1:9"});
        QCOMPARE(told->profile, std::string{"ab12"});
    }

    /// Its thread said so when it began: a second word could come before that.
    void nothingIsSaidOfWhatRuns()
    {
        QVERIFY(toldOf(SlotRunning{kSerial, attestation::AttestationStep::Connect, {}, {}, false}).empty());
    }

    void aResultIsKeptAsItsRun()
    {
        enrollment::AttestationRun run;
        run.serialNumber = kSerial;
        run.startedAt = kStart;
        run.runId = RunId{"0193"};
        run.device = "dev:///dev/tpmrm0";
        run.profile.sha256 = "cd34"; // that of its test, not that of now
        for (const auto outcome :
             {Outcome::Pass, Outcome::Fail, Outcome::Hold, Outcome::StationFault, Outcome::Aborted}) {
            run.outcome = outcome;
            QVERIFY(toldOf(SlotFinished{run}) == toldAs(KeptTest{kSerial, kStart, RunId{"0193"}, run.device, "cd34"}));
        }
    }

    void whatIsUnknownStaysKept()
    {
        for (const auto& test : {KeptTest{kSerial, kStart}, KeptTest{std::nullopt, kStart}}) {
            for (const bool searched : {false, true}) {
                QVERIFY(toldOf(SlotUnknown{test, searched}) == toldAs(test));
            }
        }
    }
};

QTEST_APPLESS_MAIN(SlotMemoryTest)
#include "tst_slot_memory.moc"

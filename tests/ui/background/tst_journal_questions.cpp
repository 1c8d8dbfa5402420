#include "core/base/device_code.h"
#include "tests/support/journal_fixture.h"
#include "ui/background/journal_questions.h"

#include <QTest>

using namespace enroll;
using namespace enroll::test;
using enrollment::AttestationRun;
using enrollment::RunId;
using enrollment::SlotNumber;
using station::KeptTest;

namespace {

/// What the journal says of \p test in the slot of \p run.
std::optional<AttestationRun> cameOf(const JournalFixture& fixture, SlotNumber slot, const KeptTest& test)
{
    const auto journal = require(db::review::JournalReader::open(fixture.directory()));
    const auto found = require(ui::runsOf(*journal, {{slot, test}}, {}));
    return found.at(slot);
}

/// What is kept of \p run before it begins.
KeptTest keptOf(const AttestationRun& run)
{
    return {run.serialNumber, run.startedAt - std::chrono::milliseconds{1}, run.runId, run.device};
}

} // namespace

/// What the journal knows of tests from before the program started.
class JournalQuestionsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsTheRunByItsId()
    {
        const JournalFixture fixture;
        const auto run = fixture.end(1, Outcome::Fail, DeviceCode::AttestationWrong);
        const auto passed = fixture.pass(1);
        const auto found = cameOf(fixture, run.slot, keptOf(run));
        QVERIFY(found && found->runId == run.runId);
        QVERIFY(cameOf(fixture, passed.slot, keptOf(passed))->record);
    }

    /// Of another program on the same journal, or from under a clock that was fast: it says nothing of this device.
    void findsNoOtherRunOfTheSerial()
    {
        const JournalFixture fixture;
        const auto run = fixture.pass(1);
        auto test = keptOf(run);
        test.runId = RunId{"01938f6e-7c1a-7000-8000-0123456789ab"};
        QVERIFY(!cameOf(fixture, run.slot, test));
        test.runId.reset(); // it only waited
        QVERIFY(!cameOf(fixture, run.slot, test));
    }

    void findsNoRunOfAnotherTest()
    {
        const JournalFixture fixture;
        const auto run = fixture.pass(1);
        const auto test = keptOf(run);
        QVERIFY(cameOf(fixture, run.slot, test));
        QVERIFY(!cameOf(fixture, {run.slot.value + 1}, test));
        auto other = test;
        other.serial = DeviceFigure{2}.serial();
        QVERIFY(!cameOf(fixture, run.slot, other));
        other = test;
        other.device += "0";
        QVERIFY(!cameOf(fixture, run.slot, other));
    }

    /// Nothing that an altered entry says is shown as a verdict.
    void findsNoRunThatWasAltered()
    {
        const JournalFixture fixture;
        const auto run = fixture.end(1, Outcome::Fail, DeviceCode::AttestationWrong);
        QCOMPARE(fixture.tamper("UPDATE run SET outcome = 'hold'"), 1);
        QVERIFY(!cameOf(fixture, run.slot, keptOf(run)));
    }

    void endsWhenAStopIsAsked()
    {
        const JournalFixture fixture;
        const auto run = fixture.pass(1);
        const auto journal = require(db::review::JournalReader::open(fixture.directory()));
        std::stop_source stop;
        stop.request_stop();
        const auto ended = ui::runsOf(*journal, {{run.slot, keptOf(run)}}, stop.get_token());
        QVERIFY(!ended.ok());
    }
};

QTEST_GUILESS_MAIN(JournalQuestionsTest)
#include "tst_journal_questions.moc"

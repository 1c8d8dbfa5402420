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

KeptTest begunBefore(const AttestationRun& run)
{
    return {run.serialNumber, run.startedAt - std::chrono::milliseconds{1}, std::nullopt};
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
        fixture.end(1, Outcome::Hold, DeviceCode::EkCertificateMissing);
        const auto found = cameOf(fixture, run.slot, {run.serialNumber, run.startedAt, run.runId});
        QVERIFY(found && found->runId == run.runId);
    }

    /// The station died behind the journal's commit, before it kept the run.
    void findsTheNewestRunSinceTheTestBegan()
    {
        const JournalFixture fixture;
        const auto first = fixture.end(1, Outcome::Fail, DeviceCode::AttestationWrong);
        const auto second = fixture.pass(1);
        const auto found = cameOf(fixture, first.slot, begunBefore(first));
        QVERIFY(found && found->runId == second.runId);
        QVERIFY(found->record);
    }

    void findsNoRunOfAnotherTest()
    {
        const JournalFixture fixture;
        const auto run = fixture.pass(1);
        const auto test = begunBefore(run);
        QVERIFY(cameOf(fixture, run.slot, test));
        QVERIFY(!cameOf(fixture, {run.slot.value + 1}, test));
        QVERIFY(!cameOf(fixture, run.slot, {DeviceFigure{2}.serial(), test.startedAt, std::nullopt}));
        QVERIFY(!cameOf(fixture, run.slot, {test.serial, run.startedAt + std::chrono::milliseconds{1}, std::nullopt}));
        QVERIFY(!cameOf(fixture, run.slot, {test.serial, test.startedAt, RunId{"no such run"}}));
        QVERIFY(!cameOf(fixture, run.slot, {DeviceFigure{2}.serial(), test.startedAt, run.runId}));
    }

    /// Nothing that an altered entry says is shown as a verdict.
    void findsNoRunThatWasAltered()
    {
        const JournalFixture fixture;
        const auto run = fixture.end(1, Outcome::Fail, DeviceCode::AttestationWrong);
        QCOMPARE(fixture.tamper("UPDATE run SET outcome = 'hold'"), 1);
        QVERIFY(!cameOf(fixture, run.slot, {run.serialNumber, run.startedAt, run.runId}));
        QVERIFY(!cameOf(fixture, run.slot, begunBefore(run)));
    }

    void endsWhenAStopIsAsked()
    {
        const JournalFixture fixture;
        const auto run = fixture.pass(1);
        const auto journal = require(db::review::JournalReader::open(fixture.directory()));
        std::stop_source stop;
        stop.request_stop();
        const auto ended = ui::runsOf(*journal, {{run.slot, begunBefore(run)}}, stop.get_token());
        QVERIFY(!ended.ok());
    }
};

QTEST_GUILESS_MAIN(JournalQuestionsTest)
#include "tst_journal_questions.moc"

#include "core/base/station_code.h"
#include "db/documents/act_document.h"
#include "db/documents/json_text.h"
#include "db/journal/acts.h"
#include "db/journal/open_journal.h"
#include "tests/support/journal_fixture.h"
#include "tests/support/sample_acts.h"

#include <QTest>

#include <array>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::db::journal;
using namespace enroll::station;

namespace {

const auto kMorning = fromIso8601("2026-11-30T06:00:00Z").value();
const auto kNoon = fromIso8601("2026-11-30T12:00:00Z").value();

constexpr std::int64_t kSignedIn = 2; // seq of the entries of a FilledJournal
constexpr std::int64_t kRun = 3;
constexpr std::int64_t kOrder = 4;
constexpr std::int64_t kSignedOut = 5;

/// Acts before, between and behind what a station records of a device.
class FilledJournal : public JournalFixture {
public:
    FilledJournal()
    {
        write({actOf(ActKind::SignedIn, "ana", kMorning)});
        end(1, Outcome::Fail, StationCode::InternalFault);
        write({actOf(ActKind::OrderTaken, "ana", kNoon), actOf(ActKind::SignedOut, "ana", kNoon)});
    }
    void write(const std::vector<Act>& acts) const { require(appendActs(options(), acts)); }
    [[nodiscard]] std::vector<StoredAct> acts(const ActFilter& filter = {}) const
    {
        return require(storedActs(directory(), filter));
    }
    /// Both rows of the chain change places, each with its hashes.
    void exchange(std::int64_t one, std::int64_t other) const
    {
        constexpr std::int64_t kAside = 1000;
        for (const auto& [from, to] : {std::pair{one, kAside}, {other, one}, {kAside, other}}) {
            QCOMPARE(tamper("UPDATE chain_entry SET seq = ? WHERE seq = ?",
                            {static_cast<qlonglong>(to), static_cast<qlonglong>(from)}),
                     1);
        }
    }
};

std::int64_t badSeq(const JournalFixture& journal)
{
    const auto report = journal.verify();
    return report.firstBad ? report.firstBad->seq : -1;
}

} // namespace

class TestActs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsAppendedIsReadInItsOrder()
    {
        const FilledJournal journal;
        const auto acts = journal.acts();
        QCOMPARE(acts.size(), 3U);
        QVERIFY(*acts[0].act == actOf(ActKind::SignedIn, "ana", kMorning));
        QVERIFY(*acts[1].act == actOf(ActKind::OrderTaken, "ana", kNoon));
        QVERIFY(*acts[2].act == actOf(ActKind::SignedOut, "ana", kNoon));
        QCOMPARE(acts[2].seq, kSignedOut);
        QVERIFY(acts[0].notUnderstood.empty());
    }

    void anActWithEveryMemberIsKept()
    {
        const FilledJournal journal;
        journal.write({fullAct()});
        QVERIFY(*journal.acts().back().act == fullAct());
    }

    void verificationCountsThemAndUnderstandsThem()
    {
        const FilledJournal journal;
        const auto report = journal.verify();
        QVERIFY(!report.firstBad);
        QCOMPARE(report.entries, kSignedOut);
        QCOMPARE(report.acts, 3);
        QCOMPARE(report.notUnderstood.count, 0);
        QCOMPARE(report.head.size(), 32U);
        journal.write({actOf(ActKind::SignedIn, "ben", kNoon)});
        QVERIFY(journal.verify().head != report.head); // to be compared with what was kept elsewhere
    }

    void listsThoseOfOnePersonAndSinceATime()
    {
        const FilledJournal journal;
        journal.write({actOf(ActKind::BadgeRefused, {}, kNoon), actOf(ActKind::SignedIn, "ben", kNoon)});
        QCOMPARE(journal.acts({.since = kNoon}).size(), 4U);
        QCOMPARE(journal.acts({.since = kNoon, .operatorId = enrollment::OperatorId{"ana"}}).size(), 2U);
        QCOMPARE(journal.acts({.operatorId = enrollment::OperatorId{"ben"}}).size(), 1U);
        QVERIFY(journal.acts({.operatorId = enrollment::OperatorId{"nobody"}}).empty());
    }

    /// What is done until the clock is right again says an earlier time, and was done later all the same.
    void whatWasDoneWhileTheClockWasSetBackIsListed()
    {
        const FilledJournal journal;
        journal.write({actOf(ActKind::SerialTakenBack, "ben", kMorning)});
        const auto acts = journal.acts({.since = kNoon});
        QCOMPARE(acts.size(), 3U);
        QVERIFY(acts.back().act->what == Word<ActKind>{ActKind::SerialTakenBack});
        QCOMPARE(journal.acts({.since = kNoon, .operatorId = enrollment::OperatorId{"ben"}}).size(), 1U);
        QVERIFY(journal.acts({.since = kNoon + std::chrono::hours{1}}).empty());
    }

    void ofNoActsOnlyTheJournalIsTried()
    {
        const JournalFixture journal;
        require(appendActs(journal.options(), {}));
        QCOMPARE(journal.verify().entries, 1);
    }

    void anOlderProgramFindsNoOtherSchema()
    {
        const FilledJournal journal;
        QCOMPARE(journal.ask("SELECT value FROM meta WHERE key = 'schema_version'").toString(), QStringLiteral("2"));
    }

    void findsAnActThatWasChanged()
    {
        const FilledJournal journal;
        const auto other = db::documents::canonicalBytes(actOf(ActKind::SignedIn, "ben", kMorning));
        QCOMPARE(journal.tamper("UPDATE chain_entry SET body = ? WHERE seq = 2", {other}), 1);
        QCOMPARE(badSeq(journal), kSignedIn);
        QCOMPARE(journal.verify().firstBad->kind, std::string{"act"});
        QCOMPARE(storedActs(journal.directory()).error().code, ErrorCode{StationCode::JournalAltered});
    }

    void findsAnActThatWasForgedWithItsHash()
    {
        const FilledJournal journal;
        forgeEntry(journal.directory(), kOrder,
                   db::documents::canonicalBytes(actOf(ActKind::OrderTaken, "ben", kNoon)));
        QCOMPARE(badSeq(journal), kSignedOut);
    }

    void findsAnActThatWasMadeSomethingElse()
    {
        const FilledJournal journal;
        QCOMPARE(journal.tamper("UPDATE chain_entry SET kind = 'note' WHERE seq = 2"), 1);
        QCOMPARE(badSeq(journal), kSignedIn);
    }

    void findsAnActThatWasTakenOut()
    {
        for (const auto seq : {kSignedIn, kOrder}) {
            const FilledJournal journal;
            QCOMPARE(journal.tamper("DELETE FROM chain_entry WHERE seq = ?", {static_cast<qlonglong>(seq)}), 1);
            QCOMPARE(badSeq(journal), seq);
        }
    }

    void findsAnActThatWasTakenOutAndTheRestMovedUp()
    {
        const FilledJournal journal;
        journal.tamper("DELETE FROM chain_entry WHERE seq = 4");
        journal.tamper("UPDATE chain_entry SET seq = 4 WHERE seq = 5");
        journal.tamper("UPDATE chain_head SET entries = 4");
        QCOMPARE(badSeq(journal), kOrder);
    }

    void findsAnActThatWasCutOff()
    {
        const FilledJournal journal;
        journal.tamper("DELETE FROM chain_entry WHERE seq = 5");
        QCOMPARE(badSeq(journal), kSignedOut);
    }

    void findsAnActThatWasPutIn()
    {
        const FilledJournal journal;
        journal.tamper("UPDATE chain_entry SET seq = 6 WHERE seq = 5");
        const auto forged = db::documents::canonicalBytes(actOf(ActKind::RunStopped, "ben", kNoon));
        journal.tamper("INSERT INTO chain_entry SELECT 5, kind, at, ?, prev_hash, entry_hash FROM chain_entry"
                       " WHERE seq = 4",
                       {forged});
        journal.tamper("UPDATE chain_head SET entries = 6");
        QCOMPARE(badSeq(journal), kSignedOut);
    }

    void findsActsThatChangedPlaces()
    {
        const FilledJournal journal;
        journal.exchange(kOrder, kSignedOut);
        QCOMPARE(badSeq(journal), kOrder);
    }

    void findsAnActThatWasMovedBehindARun()
    {
        const FilledJournal journal;
        journal.tamper("UPDATE run SET seq = 2");
        journal.exchange(kSignedIn, kRun);
        QCOMPARE(badSeq(journal), kSignedIn);
    }

    void anActOfANewerProgramIsIntactAndShown()
    {
        const FilledJournal journal;
        auto document = db::documents::toJson(actOf(ActKind::SignedIn, "ana", kMorning));
        document[QLatin1String("what")] = QStringLiteral("lid-opened");
        commitOtherwise(journal.directory(), kSignedIn, db::documents::canonicalJson(document));
        const auto report = journal.verify();
        QVERIFY(!report.firstBad);
        QCOMPARE(report.acts, 3);
        QCOMPARE(report.notUnderstood.count, 1);
        const auto acts = journal.acts();
        QCOMPARE(actKindText(acts[0].act->what), std::string_view{"lid-opened"});
        QCOMPARE(acts[0].notUnderstood.places, std::vector<std::string>{"what is 'lid-opened'"});
    }

    void anActThatCannotBeReadIsShownByWhenItWasWritten()
    {
        const FilledJournal journal;
        commitOtherwise(journal.directory(), kSignedIn, R"({"schema":"enrollment-station/act/9","what":{"all":1}})");
        QVERIFY(!journal.verify().firstBad);
        const auto acts = journal.acts();
        QCOMPARE(acts.size(), 3U);
        QVERIFY(!acts[0].act);
        QVERIFY(fromIso8601(acts[0].writtenAt).ok());
        QCOMPARE(acts[0].document.size(), 2);
        QCOMPARE(journal.acts({.operatorId = enrollment::OperatorId{"ana"}}).size(), 2U);
        QCOMPARE(journal.acts({.since = utcNow() + std::chrono::days{365}}).size(), 0U);
    }
};

QTEST_GUILESS_MAIN(TestActs)
#include "tst_acts.moc"

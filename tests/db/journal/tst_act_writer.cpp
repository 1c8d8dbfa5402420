#include "core/base/station_code.h"
#include "db/journal/act_writer.h"
#include "db/journal/acts.h"
#include "db/journal/open_journal.h"
#include "tests/support/journal_fixture.h"
#include "tests/support/sample_acts.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <atomic>
#include <mutex>
#include <thread>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::db::journal;
using namespace enroll::station;

namespace {

/// What a writer said of its troubles, from its own thread.
class Faults {
public:
    [[nodiscard]] ActWriter::OnFault listener()
    {
        return [this](const std::optional<Error>& fault) {
            const std::lock_guard held(m_mutex);
            m_all.push_back(fault ? std::optional{fault->code} : std::nullopt);
        };
    }
    [[nodiscard]] std::vector<std::optional<ErrorCode>> all() const
    {
        const std::lock_guard held(m_mutex);
        return m_all;
    }
    [[nodiscard]] std::size_t count() const { return all().size(); }

private:
    mutable std::mutex m_mutex;
    std::vector<std::optional<ErrorCode>> m_all;
};

/// What a writer said of the acts that wait.
class Counts {
public:
    [[nodiscard]] UnsavedActs listener(std::int64_t before = 0)
    {
        return {before, [this](std::int64_t count) {
                    const std::lock_guard held(m_mutex);
                    m_all.push_back(count);
                }};
    }
    [[nodiscard]] std::vector<std::int64_t> all() const
    {
        const std::lock_guard held(m_mutex);
        return m_all;
    }

private:
    mutable std::mutex m_mutex;
    std::vector<std::int64_t> m_all;
};

using Numbers = std::vector<std::int64_t>;

/// A data directory in whose place stands a file until it is unblocked: nothing can be written, whoever asks.
class BlockedJournal : public JournalFixture {
public:
    BlockedJournal()
    {
        QFile file{QString::fromStdString(directory().string())};
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    void unblock() const { QVERIFY(QFile::remove(QString::fromStdString(directory().string()))); }
};

std::vector<std::string> whatIn(const JournalFixture& journal)
{
    std::vector<std::string> words;
    for (const auto& stored : require(storedActs(journal.directory()))) {
        words.emplace_back(actKindText(stored.act->what));
    }
    return words;
}

JournalOptions impatient(JournalOptions options)
{
    options.busyTimeout = std::chrono::milliseconds{20};
    return options;
}

} // namespace

class TestActWriter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writesSoon()
    {
        const JournalFixture journal;
        require(journal.open()->latestRunStart());
        Faults faults;
        ActWriter writer{journal.options(), faults.listener()};
        writer.write(actOf(ActKind::SignedIn, "ana"));
        QTRY_COMPARE(whatIn(journal), (std::vector<std::string>{"signed-in"}));
        QCOMPARE(faults.count(), 0U);
    }

    void writesAllInTheirOrderBeforeItEnds()
    {
        const JournalFixture journal;
        std::vector<std::string> expected;
        {
            ActWriter writer{journal.options(), {}};
            for (int i = 0; i < 100; ++i) {
                const auto kind = kAllActKinds[static_cast<std::size_t>(i) % kAllActKinds.size()];
                writer.write(actOf(kind, "ana"));
                expected.emplace_back(actKindText(kind));
            }
        }
        QCOMPARE(whatIn(journal), expected);
        QVERIFY(!journal.verify().firstBad);
    }

    void doesNotMakeTheCallerWait()
    {
        const JournalFixture journal;
        const auto other = journal.open();
        const auto database = require(openForWriting(journal.options()));
        auto transaction = require(db::sqlite::Transaction::begin(*database, db::sqlite::Transaction::Kind::Write));
        ActWriter writer{impatient(journal.options()), {}};
        QElapsedTimer watch;
        watch.start();
        for (int i = 0; i < 200; ++i) {
            writer.write(actOf(ActKind::SerialTakenBack, "ana"));
        }
        QVERIFY(watch.elapsed() < 1000); // of two hundred waits for another writer
    }

    void waitsForAnotherWriterAndTellsThatIfItTakesLong()
    {
        const JournalFixture journal;
        require(journal.open()->latestRunStart());
        Faults faults;
        ActWriter writer{impatient(journal.options()), faults.listener()};
        {
            const auto database = require(openForWriting(journal.options()));
            auto transaction = require(db::sqlite::Transaction::begin(*database, db::sqlite::Transaction::Kind::Write));
            writer.write(actOf(ActKind::SignedIn, "ana"));
            QTRY_COMPARE(faults.all(), (std::vector<std::optional<ErrorCode>>{ErrorCode{StationCode::JournalBusy}}));
        }
        writer.retry();
        QTRY_COMPARE(faults.count(), 2U);
        QVERIFY(!faults.all().back());
        QCOMPARE(whatIn(journal), (std::vector<std::string>{"signed-in"}));
    }

    void keepsWhatCannotBeWritten()
    {
        const BlockedJournal journal;
        Faults faults;
        ActWriter writer{journal.options(), faults.listener()};
        writer.write(actOf(ActKind::SignedIn, "ana"));
        QTRY_COMPARE(faults.all(), (std::vector<std::optional<ErrorCode>>{ErrorCode{StationCode::JournalCannotSave}}));
        writer.write(actOf(ActKind::OrderTaken, "ana"));
        journal.unblock();
        writer.write(actOf(ActKind::SignedOut, "ana"));
        QTRY_COMPARE(faults.count(), 2U);
        QVERIFY(!faults.all().back());
        QTRY_COMPARE(whatIn(journal), (std::vector<std::string>{"signed-in", "order-taken", "signed-out"}));
    }

    void triesAgainAtItsEnd()
    {
        const BlockedJournal journal;
        Faults faults;
        {
            ActWriter writer{journal.options(), faults.listener()};
            writer.write(actOf(ActKind::SignedIn, "ana"));
            QTRY_COMPARE(faults.count(), 1U);
            journal.unblock();
        }
        QCOMPARE(whatIn(journal), (std::vector<std::string>{"signed-in"}));
    }

    void countsWhatItCouldNotKeep()
    {
        const BlockedJournal journal;
        Faults faults;
        {
            ActWriter writer{journal.options(), faults.listener(), 3};
            writer.write(actOf(ActKind::SignedIn, "ana"));
            QTRY_COMPARE(faults.count(), 1U); // from here on nothing is being written while nobody asks
            for (int i = 0; i < 7; ++i) {
                writer.write(actOf(ActKind::BadgeRefused, {}));
            }
            journal.unblock();
        }
        const auto acts = require(storedActs(journal.directory()));
        std::int64_t refused = 0;
        std::int64_t lost = 0;
        for (const auto& stored : acts) {
            refused += stored.act->what == Word<ActKind>{ActKind::BadgeRefused} ? 1 : 0;
            lost += stored.act->what == Word<ActKind>{ActKind::ActsLost} ? stored.act->count.value_or(0) : 0;
        }
        QVERIFY(lost > 0);
        QCOMPARE(refused + lost, 7);
    }

    void endsInTimeWhereNothingCanBeWritten()
    {
        const JournalFixture journal;
        const auto database = require(openForWriting(journal.options()));
        auto transaction = require(db::sqlite::Transaction::begin(*database, db::sqlite::Transaction::Kind::Write));
        QElapsedTimer watch;
        watch.start();
        {
            ActWriter writer{impatient(journal.options()), {}};
            writer.write(actOf(ActKind::SignedIn, "ana"));
        }
        QVERIFY(watch.elapsed() < ActWriter::kEndWithin.count() + 2000);
    }

    /// Whoever reads the journal sees that it has no end, and that acts may be missing.
    void whatCouldNotBeWrittenHasNoEndInTheJournal()
    {
        const JournalFixture journal;
        require(journal.open()->latestRunStart());
        {
            const auto database = require(openForWriting(journal.options()));
            auto transaction = require(db::sqlite::Transaction::begin(*database, db::sqlite::Transaction::Kind::Write));
            ActWriter writer{impatient(journal.options()), {}};
            writer.write(actOf(ActKind::SignedIn, "ana"));
            writer.write(actOf(ActKind::StationEnded, {}));
        }
        QVERIFY(whatIn(journal).empty());
    }

    void saysHowManyActsWait()
    {
        const BlockedJournal journal;
        Counts counts;
        ActWriter writer{journal.options(), {}, ActWriter::kMost, counts.listener()};
        writer.write(actOf(ActKind::SignedIn, "ana"));
        QTRY_COMPARE(counts.all(), (Numbers{1}));
        writer.write(actOf(ActKind::OrderTaken, "ana"));
        QTRY_COMPARE(counts.all(), (Numbers{1, 2}));
        writer.retry(); // as many as before
        journal.unblock();
        writer.write(actOf(ActKind::SignedOut, "ana"));
        QTRY_COMPARE(counts.all().back(), 0);
        QTRY_COMPARE(whatIn(journal), (std::vector<std::string>{"signed-in", "order-taken", "signed-out"}));
    }

    void saysNothingWhereAllIsWritten()
    {
        const JournalFixture journal;
        Counts counts;
        {
            ActWriter writer{journal.options(), {}, ActWriter::kMost, counts.listener()};
            writer.write(actOf(ActKind::SignedIn, "ana"));
        }
        QCOMPARE(counts.all(), Numbers{});
    }

    /// What nobody waited for is lost like what failed, and beyond what is kept each act counts.
    void saysWhatItsEndLeaves()
    {
        const BlockedJournal journal;
        Counts counts;
        {
            ActWriter writer{journal.options(), {}, 3, counts.listener()};
            for (int i = 0; i < 7; ++i) {
                writer.write(actOf(ActKind::BadgeRefused, {}));
            }
        }
        QCOMPARE(counts.all().back(), 7);
    }

    /// Those of the program before are lost until the journal says so, and no start in between forgets them.
    void keepsTheCountOfTheProgramBefore()
    {
        const BlockedJournal journal;
        Counts counts;
        auto lost = actOf(ActKind::ActsLost, {});
        lost.count = 5;
        {
            ActWriter writer{journal.options(), {}, ActWriter::kMost, counts.listener(5)};
            writer.write(lost);
            writer.write(actOf(ActKind::StationStarted, {}));
        }
        QCOMPARE(counts.all().back(), 6);
        journal.unblock();
        lost.count = 6;
        {
            ActWriter writer{journal.options(), {}, ActWriter::kMost, counts.listener(6)};
            writer.write(lost);
        }
        QCOMPARE(counts.all().back(), 0);
        QCOMPARE(whatIn(journal), (std::vector<std::string>{"acts-lost"}));
    }

    void severalThreadsWriteAtOnce()
    {
        const JournalFixture journal;
        {
            ActWriter writer{journal.options(), {}};
            std::vector<std::jthread> threads;
            for (int i = 0; i < 4; ++i) {
                threads.emplace_back([&writer] {
                    for (int act = 0; act < 25; ++act) {
                        writer.write(actOf(ActKind::RunStopped, "ana"));
                        writer.retry();
                    }
                });
            }
        }
        const auto report = journal.verify();
        QVERIFY(!report.firstBad);
        QCOMPARE(report.acts, 100);
    }

    void aRunIsCommittedBesideThem()
    {
        const JournalFixture journal;
        {
            ActWriter writer{journal.options(), {}};
            for (int device = 1; device <= 10; ++device) {
                writer.write(actOf(ActKind::SerialTakenBack, "ana"));
                journal.pass(device);
                writer.write(actOf(ActKind::ResultAcknowledged, "ana"));
            }
        }
        const auto report = journal.verify();
        QVERIFY(!report.firstBad);
        QCOMPARE(report.acts, 20);
    }
};

QTEST_GUILESS_MAIN(TestActWriter)
#include "tst_act_writer.moc"

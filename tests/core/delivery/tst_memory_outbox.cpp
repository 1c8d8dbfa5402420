#include "core/base/station_code.h"
#include "tests/support/memory_outbox.h"
#include "tests/support/numbered_record.h"

#include <QTest>

#include <array>

using namespace enroll;
using namespace enroll::test;
using enroll::delivery::OutboxClosing;
using enroll::delivery::OutboxCounts;
using enroll::enrollment::RecordState;

/// The double keeps the promises of the port, as far as an uploader relies on them.
class TestMemoryOutbox : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void leavesClosedEntriesAlone()
    {
        MemoryOutbox outbox;
        outbox.add(recordNumber(1));
        QVERIFY(outbox.markSent(std::array<std::int64_t, 1>{1}).ok());
        QVERIFY(outbox.close(std::array{OutboxClosing{1, RecordState::Rejected, "U-409", "other key"}}).ok());
        QVERIFY(outbox.close(std::array{OutboxClosing{1, RecordState::Accepted, {}, {}}}).ok());
        QVERIFY(outbox.markSent(std::array<std::int64_t, 1>{1}).ok());
        QCOMPARE(outbox.entry(0).state, RecordState::Rejected);
        QCOMPARE(outbox.entry(0).attempts, 1);
        QCOMPARE(outbox.closing(0).code, std::string{"U-409"});
    }

    void leavesIdsAloneThatNobodyKnows()
    {
        MemoryOutbox outbox;
        outbox.add(recordNumber(1));
        QVERIFY(outbox.markSent(std::array<std::int64_t, 2>{0, 4711}).ok());
        QVERIFY(outbox.close(std::array{OutboxClosing{4711, RecordState::Accepted, {}, {}}}).ok());
        QVERIFY(outbox.counts().value() == (OutboxCounts{1, 0, 0, 0}));
    }

    void keepsTheClaimThatItHas()
    {
        MemoryOutbox outbox;
        QVERIFY(outbox.claim().value());
        outbox.claimedByOthers(1);
        QVERIFY(outbox.claim().value());
        outbox.release();
        QVERIFY(!outbox.claim().value());
        QVERIFY(outbox.claim().value());
    }

    void queuesWhatIsMissingOnce()
    {
        MemoryOutbox outbox;
        outbox.addMissing(recordNumber(1));
        outbox.addMissing(recordNumber(2));
        QVERIFY(outbox.pending(10, 0).value().empty());
        QCOMPARE(outbox.enqueueMissing().value(), 2);
        QCOMPARE(outbox.enqueueMissing().value(), 0);
        QCOMPARE(outbox.pending(10, 0).value().size(), 2U);
    }

    void failsInEveryCallThatCanFail()
    {
        MemoryOutbox outbox;
        const Error error = makeError(StationCode::JournalAltered, "altered");
        outbox.failOn("claim", error);
        QVERIFY(!outbox.claim().ok());
        outbox.failOn("counts", error);
        QVERIFY(!outbox.counts().ok());
    }
};

QTEST_GUILESS_MAIN(TestMemoryOutbox)
#include "tst_memory_outbox.moc"

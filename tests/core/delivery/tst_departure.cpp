#include "core/base/cloud_code.h"
#include "core/base/station_code.h"
#include "core/delivery/uploader.h"
#include "tests/core/delivery/uploader_bench.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::delivery;
using namespace enroll::test;
using enrollment::RecordState;

/// When the uploader notes a record as sent: as its first byte leaves, neither later nor sooner.
class TestDeparture : public QObject, UploaderBench {
    Q_OBJECT

private Q_SLOTS:
    void init() { beginAnew(); }
    void marksEntriesBeforeTheyLeave();
    void whatFoundNoConnectionIsNotSent();
    void whatFoundNoConnectionIsSentWithoutReadingItBack();
    void marksAnEntryOnceACall();
    void sendsNothingThatItCannotMark();
};

void TestDeparture::marksEntriesBeforeTheyLeave()
{
    fill(3);
    int sentAtTheCall = 0;
    m_destination->onSend = [&](auto) { sentAtTheCall = m_outbox->count(RecordState::Sent); };

    drain();

    QCOMPARE(sentAtTheCall, 3);
}

void TestDeparture::whatFoundNoConnectionIsNotSent()
{
    fill(2);
    m_options.mode = DrainOnce{.mostFailuresInARow = 1};
    m_destination->findsNoConnection(met(TroubleKind::Unreachable, CloudCode::Unreachable));

    const auto report = drain();

    QCOMPARE(report.stoppedBy->code, CloudCode::Unreachable);
    QCOMPARE(report.left, std::size_t{2});
    QCOMPARE(m_outbox->count(RecordState::Queued), 2);
    QCOMPARE(m_outbox->entry(0).attempts, 0);
}

void TestDeparture::whatFoundNoConnectionIsSentWithoutReadingItBack()
{
    fill(2);
    m_destination->findsNoConnection(met(TroubleKind::Unreachable, CloudCode::Unreachable));

    const auto report = drain();

    QCOMPARE(m_destination->log, (std::vector<std::string>{"send 2", "send 2"}));
    QCOMPARE(report.accepted, std::size_t{2});
    QCOMPARE(m_outbox->entry(0).attempts, 1);
}

void TestDeparture::marksAnEntryOnceACall()
{
    fill(2);
    m_destination->splits(); // tells of each entry again, as it goes alone

    drain();

    QCOMPARE(m_outbox->entry(0).attempts, 1);
    QCOMPARE(m_outbox->entry(1).attempts, 1);
}

void TestDeparture::sendsNothingThatItCannotMark()
{
    fill(2);
    m_outbox->failOn("markSent", makeError(StationCode::JournalCannotSave, "disk full"));

    const auto report = drain();

    QCOMPARE(m_destination->held(), std::size_t{0});
    QCOMPARE(m_destination->log.size(), std::size_t{1});
    QCOMPARE(report.stoppedBy->code, StationCode::JournalCannotSave);
}

QTEST_APPLESS_MAIN(TestDeparture)
#include "tst_departure.moc"

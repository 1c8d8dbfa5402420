#include "core/base/station_code.h"
#include "core/enrollment/one_off_destination.h"
#include "db/journal/left_behind.h"
#include "db/journal/set_aside.h"
#include "tests/support/journal_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <array>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::db::journal;
using enroll::delivery::OutboxClosing;
using enroll::enrollment::DestinationName;
using enroll::enrollment::RecordState;

class TestLeftBehind : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void countsWhatNobodyDecidesAnyMore()
    {
        const JournalFixture fixture{{kCloud, kPlant}};
        for (int device = 1; device <= 5; ++device) {
            fixture.pass(device);
        }
        const auto outbox = fixture.outbox(kCloud);
        const auto entries = require(outbox->pending(10, 0));
        require(outbox->markSent(std::array{entries[0].id}));
        require(outbox->close(std::array{OutboxClosing{entries[1].id, RecordState::Accepted, {}, {}},
                                         OutboxClosing{entries[2].id, RecordState::Rejected, "U-400", "no"}}));

        QVERIFY(require(leftBehind(fixture.directory(), std::array{kPlant})) ==
                (std::vector{LeftBehind{kCloud, 2, 1, 1}}));
        QVERIFY(require(leftBehind(fixture.directory(), std::array{kPlant, kCloud})).empty());
        QCOMPARE(require(leftBehind(fixture.directory(), {})).size(), std::size_t{2});
        QVERIFY(require(destinationsInJournal(fixture.directory())) == (std::vector{kCloud, kPlant}));
    }

    void whatIsSetAsideIsDecided()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        const auto entry = require(fixture.outbox(kCloud)->pending(1, 0)).front();
        require(setAside(fixture.options(), std::array{kCloud}, std::array{entry.record.registrationId},
                         {"Q. Meier", "the service is gone"}, std::array{OpenAnswer{entry.id, {}}}));
        QVERIFY(require(leftBehind(fixture.directory(), {})).empty());
    }

    void aSingleTryIsNotLeftBehind()
    {
        const JournalFixture fixture{{DestinationName{enrollment::kOneOffDestination}}};
        fixture.pass(1);
        QVERIFY(require(leftBehind(fixture.directory(), {})).empty());
    }

    void saysThatThereIsNoJournal()
    {
        const QTemporaryDir empty;
        QCOMPARE(leftBehind(empty.path().toStdString(), {}).error().code, ErrorCode{StationCode::NothingFound});
    }
};

QTEST_GUILESS_MAIN(TestLeftBehind)
#include "tst_left_behind.moc"

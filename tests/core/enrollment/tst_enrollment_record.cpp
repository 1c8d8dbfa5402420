#include "core/enrollment/enrollment_record.h"

#include <QTest>

using namespace enroll::enrollment;

class TestEnrollmentRecord : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void severalDestinationsHaveOneState_data()
    {
        using enum RecordState;
        QTest::addColumn<RecordState>("one");
        QTest::addColumn<RecordState>("other");
        QTest::addColumn<RecordState>("together");
        QTest::newRow("rejected, and accepted") << Rejected << Accepted << Rejected;
        QTest::newRow("rejected, and queued") << Rejected << Queued << Rejected;
        QTest::newRow("rejected, and set aside") << Rejected << SetAside << Rejected;
        QTest::newRow("set aside, and queued") << SetAside << Queued << SetAside;
        QTest::newRow("set aside, and accepted") << SetAside << Accepted << SetAside;
        QTest::newRow("queued, and sent") << Queued << Sent << Queued;
        QTest::newRow("sent, and accepted") << Sent << Accepted << Sent;
        QTest::newRow("accepted twice") << Accepted << Accepted << Accepted;
    }
    void severalDestinationsHaveOneState()
    {
        QFETCH(RecordState, one);
        QFETCH(RecordState, other);
        QTEST(together(one, other), "together");
        QTEST(together(other, one), "together");
    }

    void settingARecordAsideDoesNotMakeItAccepted()
    {
        for (const auto state : kAllRecordStates) {
            QCOMPARE(isRefused(state), state == RecordState::Rejected || state == RecordState::SetAside);
        }
        QVERIFY(!isRefused(enroll::Word<RecordState>::unknown("parked")));
    }
};

QTEST_APPLESS_MAIN(TestEnrollmentRecord)
#include "tst_enrollment_record.moc"

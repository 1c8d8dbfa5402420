#include "core/base/assert.h"
#include "core/base/bytes.h"
#include "tests/support/ended_by.h"

#include <QtTest>

using namespace enroll;

class TstAssert : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatHoldsCostsNothing();
    void whatDoesNotHoldEndsTheProcessInEveryBuildType();
    void aValueTooLongForItsSizeIsNotCut();
};

void TstAssert::whatHoldsCostsNothing()
{
    QCOMPARE(test::signalThatEnds([] { ENROLL_ASSERT(1 + 1 == 2, "arithmetic"); }), 0);
}

void TstAssert::whatDoesNotHoldEndsTheProcessInEveryBuildType()
{
    QCOMPARE(test::signalThatEnds([] { ENROLL_ASSERT(1 + 1 == 3, "arithmetic"); }), SIGABRT);
}

void TstAssert::aValueTooLongForItsSizeIsNotCut()
{
    const Bytes most(0xFFFF);
    const Bytes tooLong(0x10000);
    QCOMPARE(test::signalThatEnds([&most] { ByteWriter{}.sized(most); }), 0);
    QCOMPARE(test::signalThatEnds([&tooLong] { ByteWriter{}.sized(tooLong); }), SIGABRT);
}

QTEST_APPLESS_MAIN(TstAssert)
#include "tst_assert.moc"

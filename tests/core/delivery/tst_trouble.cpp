#include "core/base/cloud_code.h"
#include "core/delivery/trouble.h"
#include "tests/core/delivery/scripted_destination.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::delivery;
using namespace enroll::test;
using std::chrono::seconds;

class TestTrouble : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesTheKindThatConcernsMoreRecords();
    void isTheSameWhicheverCameFirst();
};

void TestTrouble::takesTheKindThatConcernsMoreRecords()
{
    auto trouble = met(TroubleKind::Busy, CloudCode::Busy, seconds{5});

    merge(trouble, met(TroubleKind::NeedsPerson, CloudCode::RefusedSignIn));
    merge(trouble, met(TroubleKind::InDoubt, CloudCode::Fault, seconds{3}));

    QCOMPARE(trouble.kind, TroubleKind::NeedsPerson);
    QCOMPARE(trouble.error.code, CloudCode::RefusedSignIn);
    QCOMPARE(trouble.retryAfter, std::optional{seconds{5}});
}

void TestTrouble::isTheSameWhicheverCameFirst()
{
    auto trouble = met(TroubleKind::NeedsPerson, CloudCode::RefusedSignIn);

    merge(trouble, met(TroubleKind::Busy, CloudCode::Busy, seconds{5}));

    QCOMPARE(trouble.kind, TroubleKind::NeedsPerson);
    QCOMPARE(trouble.error.code, CloudCode::RefusedSignIn);
    QCOMPARE(trouble.retryAfter, std::optional{seconds{5}});
}

QTEST_APPLESS_MAIN(TestTrouble)
#include "tst_trouble.moc"

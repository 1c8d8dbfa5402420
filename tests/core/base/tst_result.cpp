#include "core/base/result.h"
#include "core/base/station_code.h"
#include "tests/support/ended_by.h"

#include <QtTest>

#include <csignal>
#include <functional>
#include <memory>
#include <string>

using namespace enroll;

namespace {

Result<int> half(int number)
{
    if (number % 2 != 0) {
        return makeError(StationCode::EncodingMalformed, "odd", "half");
    }
    return number / 2;
}

Result<std::string> quarterText(int number)
{
    TRY_ASSIGN(const int once, half(number));
    TRY_ASSIGN(const int twice, half(once));
    return std::to_string(twice);
}

Result<void> requireEven(int number, int& reached)
{
    TRY(half(number));
    ++reached;
    return {};
}

Result<std::unique_ptr<int>> boxed(int number)
{
    return std::make_unique<int>(number);
}

Result<int> unboxed(int number)
{
    TRY_ASSIGN(const auto box, boxed(number));
    return *box;
}

/// The error of another layer, made from ours as the provisioning service's is.
struct Refusal {
    explicit Refusal(const Error& error) : number(static_cast<int>(error.code.number())) {}
    int number;
};

Result<int, Refusal> refusedHalf(int number)
{
    TRY_ASSIGN(const int once, half(number));
    return once;
}

Result<void, Refusal> refuseOdd(int number)
{
    TRY(half(number));
    return {};
}

} // namespace

class TstResult : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void holdsAValue();
    void holdsAnError();
    void tryGoesOnWithTheValue();
    void tryReturnsTheFirstErrorUnchanged();
    void tryLeavesBeforeTheNextStatement();
    void valuesThatOnlyMoveAreMoved();
    void anErrorBecomesThatOfTheLayerAbove();
    void askingForTheAbsentSideEndsTheProcess_data();
    void askingForTheAbsentSideEndsTheProcess();
};

void TstResult::holdsAValue()
{
    const auto result = half(4);
    QVERIFY(result.ok());
    QVERIFY(static_cast<bool>(result));
    QCOMPARE(*result, 2);
}

void TstResult::holdsAnError()
{
    const auto result = half(3);
    QVERIFY(!result.ok());
    QCOMPARE(result.error().code, StationCode::EncodingMalformed);
    QVERIFY(Result<void>{}.ok());
    QVERIFY(!Result<void>{result.error()}.ok());
}

void TstResult::tryGoesOnWithTheValue()
{
    QCOMPARE(quarterText(12).value(), std::string{"3"});
}

void TstResult::tryReturnsTheFirstErrorUnchanged()
{
    const auto direct = half(6 / 2);
    const auto passed = quarterText(6);
    QVERIFY(!passed.ok());
    QCOMPARE(passed.error().what, direct.error().what);
    QCOMPARE(passed.error().operation, std::string{"half"});
    QCOMPARE(passed.error().where.line, direct.error().where.line);
}

void TstResult::tryLeavesBeforeTheNextStatement()
{
    int reached = 0;
    QVERIFY(!requireEven(1, reached).ok());
    QCOMPARE(reached, 0);
    QVERIFY(requireEven(2, reached).ok());
    QCOMPARE(reached, 1);
}

void TstResult::valuesThatOnlyMoveAreMoved()
{
    QCOMPARE(unboxed(7).value(), 7);
}

void TstResult::anErrorBecomesThatOfTheLayerAbove()
{
    QCOMPARE(refusedHalf(4).value(), 2);
    QCOMPARE(refusedHalf(3).error().number, 335);
    QVERIFY(refuseOdd(2).ok());
    QCOMPARE(refuseOdd(3).error().number, 335);
}

void TstResult::askingForTheAbsentSideEndsTheProcess_data()
{
    QTest::addColumn<std::function<void()>>("mistake");
    QTest::newRow("value of an error") << std::function<void()>{[] { static_cast<void>(half(3).value()); }};
    QTest::newRow("error of a value") << std::function<void()>{[] { static_cast<void>(half(4).error()); }};
    QTest::newRow("success of a failure") << std::function<void()>{[] { Result<void>{half(3).error()}.value(); }};
    QTest::newRow("error of a success") << std::function<void()>{[] { static_cast<void>(Result<void>{}.error()); }};
}

/// In every build type: the shipped one too.
void TstResult::askingForTheAbsentSideEndsTheProcess()
{
    QFETCH(std::function<void()>, mistake);
    QCOMPARE(test::signalThatEnds(mistake), SIGABRT);
}

QTEST_APPLESS_MAIN(TstResult)
#include "tst_result.moc"

#include "core/base/cloud_code.h"
#include "db/dps/http_message.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::db::dps;
using std::chrono::seconds;

class TestHttpMessage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsRetryAfter_data();
    void readsRetryAfter();
    void findsHeaderByLowerCaseName();
    void passesOnWhyThereIsNoAnswer();

private:
    const UtcTime m_now = fromIso8601("2026-11-06T08:49:00Z").value();
};

void TestHttpMessage::readsRetryAfter_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("wanted"); // -1: nothing
    QTest::newRow("seconds") << QByteArray{"42"} << 42;
    QTest::newRow("zero") << QByteArray{"0"} << 0;
    QTest::newRow("cut to an hour") << QByteArray{"86400"} << 3600;
    QTest::newRow("larger than any number") << QByteArray{"99999999999999999999999"} << 3600;
    QTest::newRow("date ahead") << QByteArray{"Fri, 06 Nov 2026 08:49:37 GMT"} << 37;
    QTest::newRow("date that has passed") << QByteArray{"Sun, 06 Nov 1994 08:49:37 GMT"} << 0;
    QTest::newRow("date far ahead") << QByteArray{"Sat, 07 Nov 2026 08:49:37 GMT"} << 3600;
    QTest::newRow("absent") << QByteArray{} << -1;
    QTest::newRow("negative") << QByteArray{"-5"} << -1;
    QTest::newRow("fraction") << QByteArray{"1.5"} << -1;
    QTest::newRow("words") << QByteArray{"soon"} << -1;
    QTest::newRow("date without its zone") << QByteArray{"Fri, 06 Nov 2026 08:49:37"} << -1;
}

void TestHttpMessage::readsRetryAfter()
{
    QFETCH(QByteArray, text);
    QFETCH(int, wanted);

    const auto wait = parseRetryAfter(text.toStdString(), m_now);

    QCOMPARE(wait ? static_cast<int>(wait->count()) : -1, wanted);
}

void TestHttpMessage::findsHeaderByLowerCaseName()
{
    HttpAnswer answer;
    answer.headers["retry-after"] = "7";

    QCOMPARE(headerOf(answer, "retry-after"), std::string_view{"7"});
    QCOMPARE(headerOf(answer, "location"), std::string_view{});
    QCOMPARE(retryAfterOf(answer, m_now), std::optional{seconds{7}});
}

void TestHttpMessage::passesOnWhyThereIsNoAnswer()
{
    const auto none = answerOf(NoAnswer{makeError(CloudCode::TimedOut, "slow"), Delivery::InDoubt});
    const auto some = answerOf(HttpAnswer{204, {}, {}});

    QVERIFY(!none);
    QCOMPARE(none.error().code, CloudCode::TimedOut);
    QVERIFY(some.ok());
    QCOMPARE(some->status, 204);
}

QTEST_APPLESS_MAIN(TestHttpMessage)
#include "tst_http_message.moc"

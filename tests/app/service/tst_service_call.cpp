#include "app/service/service_call.h"

#include <QTest>

using namespace enroll;
using namespace enroll::app::service;
using provisioning::ServiceErrorCode;

namespace {

constexpr qsizetype kMost = 4096;

ReceivedRequest requestWith(const QByteArray& body, const std::string& type = "application/json")
{
    ReceivedRequest request;
    request.headers.emplace("content-type", type);
    request.body = body.toStdString();
    return request;
}

} // namespace

/// What a body must be before a route looks at it, and the codes that clients know.
class TestServiceCall : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesAnObject_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<std::string>("type");
        QTest::newRow("plain") << QByteArray{R"({"a":1})"} << std::string{"application/json"};
        QTest::newRow("with a charset") << QByteArray{R"({"a":1})"} << std::string{"Application/JSON ; charset=utf-8"};
        QTest::newRow("without a type") << QByteArray{R"({"a":1})"} << std::string{};
        QTest::newRow("a name twice") << QByteArray{R"({"a":2,"a":1})"} << std::string{"application/json"};
        QTest::newRow("white space around") << QByteArray{" {\"a\":1}\r\n"} << std::string{"application/json"};
    }
    void takesAnObject()
    {
        QFETCH(QByteArray, body);
        QFETCH(std::string, type);
        const auto object = jsonBody(requestWith(body, type), kMost);
        QVERIFY(object.ok());
        QCOMPARE(object->value(QStringLiteral("a")).toInt(), 1);
    }

    void refusesWhatIsNone_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<ServiceErrorCode>("code");
        const auto malformed = ServiceErrorCode::RequestMalformed;
        QTest::newRow("nothing") << QByteArray{} << malformed;
        QTest::newRow("a list") << QByteArray{"[{}]"} << malformed;
        QTest::newRow("broken") << QByteArray{"{\"a\":"} << malformed;
        QTest::newRow("something behind it") << QByteArray{"{}{}"} << malformed;
        QTest::newRow("not UTF-8") << QByteArray{"{\"a\":\"\xff\"}"} << malformed;
        QTest::newRow("too deep") << "{\"a\":" + QByteArray(2000, '[') + QByteArray(2000, ']') + "}" << malformed;
        QTest::newRow("too long") << "{\"a\":\"" + QByteArray(kMost, 'a') + "\"}" << ServiceErrorCode::BodyTooLarge;
    }
    void refusesWhatIsNone()
    {
        QFETCH(QByteArray, body);
        QFETCH(ServiceErrorCode, code);
        const auto object = jsonBody(requestWith(body), kMost);
        QVERIFY(!object.ok());
        QVERIFY(object.error().code == code);
    }

    void refusesAnotherMediaType()
    {
        const auto object = jsonBody(requestWith("{}", "text/plain"), kMost);
        QVERIFY(object.error().code == ServiceErrorCode::MediaTypeUnsupported);
    }

    void answersInCompactJson()
    {
        const auto response = jsonResponse(200, QJsonObject{{QStringLiteral("b"), 1}, {QStringLiteral("a"), 2}});
        QCOMPARE(response.body, std::string{R"({"a":2,"b":1})"});
        QCOMPARE(jsonResponse(200, QJsonArray{}).body, std::string{"[]"});
    }
};

QTEST_APPLESS_MAIN(TestServiceCall)
#include "tst_service_call.moc"

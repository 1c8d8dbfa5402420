#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "db/dps/https_client.h"
#include "tests/support/must.h"
#include "tests/support/scripted_https_server.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTcpServer>
#include <QTcpSocket>
#include <QtTest>

#include <thread>

using namespace enroll;
using namespace enroll::db::dps;
using namespace enroll::test;
using std::chrono::seconds;

class TestHttpsClient : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bringsBackStatusHeadersAndBody();
    void sendsWhatItIsGiven();
    void reusesOneConnection();
    void bringsBackRefusalsWithTheirBody_data();
    void bringsBackRefusalsWithTheirBody();
    void doesNotFollowRedirects();
    void refusesAnUnknownAuthorityAndSendsNothing();
    void refusesACertificateForAnotherHostAndSendsNothing();
    void saysThatNothingWasSentWhenNobodyListens();
    void saysThatNothingWasSentWhileNoConnectionStands_data();
    void saysThatNothingWasSentWhileNoConnectionStands();
    void asksBeforeTheBodyLeaves();
    void sendsNoBodyThatIsForbidden();
    void doesNotSendABodyTwiceWhenTheConnectionBreaks();
    void doesNotSendABodyTwiceOnAReusedConnection();
    void doubtsAnAnswerThatBreaksOff();
    void givesUpAtTheDeadline();
    void stopsWhenAnotherThreadAsks();
    void sendsNothingAfterAStop();
    void refusesAnAnswerThatIsTooLarge();
    void refusesHeadersThatAreTooLarge_data();
    void refusesHeadersThatAreTooLarge();
    void doubtsAnAnswerThatIsNotHttp();
    void refusesAnAuthorityThatIsNone_data();
    void refusesAnAuthorityThatIsNone();
    void refusesACaFileWithoutCertificates();

private:
    static std::unique_ptr<HttpsClient> clientOf(const ScriptedHttpsServer& server)
    {
        return must(HttpsClient::create({server.authority(), server.caFile()}));
    }
    static HttpRequest post(std::string_view body = R"({"a":1})")
    {
        return {"POST", "/enrollments?api-version=2021-10-01", "SharedAccessSignature sr=x", toBytes(asBytes(body))};
    }
    static HttpRequest get() { return {"GET", "/enrollments/a%3Ab?api-version=2021-10-01", "token", {}}; }
    static HttpOutcome run(HttpsClient& client, const HttpRequest& request, seconds patience = seconds{20})
    {
        return client.exchange(request, Deadline::in(patience), {});
    }
    static NoAnswer none(const HttpOutcome& outcome)
    {
        const auto* missing = std::get_if<NoAnswer>(&outcome);
        return missing == nullptr ? NoAnswer{makeError(StationCode::InternalFault, "there was an answer"), {}}
                                  : *missing;
    }
};

void TestHttpsClient::bringsBackStatusHeadersAndBody()
{
    ScriptedHttpsServer server;
    server.then({201, R"({"done":true})", {{"Retry-After", "3"}, {"X-Ms-Request-Id", "r-1"}}});
    const auto client = clientOf(server);

    const auto answer = must(answerOf(run(*client, post())));

    QCOMPARE(answer.status, 201);
    QCOMPARE(asText(answer.body), std::string_view{R"({"done":true})"});
    QCOMPARE(headerOf(answer, "retry-after"), std::string_view{"3"});
    QCOMPARE(headerOf(answer, "x-ms-request-id"), std::string_view{"r-1"});
}

void TestHttpsClient::sendsWhatItIsGiven()
{
    ScriptedHttpsServer server;
    const auto client = clientOf(server);

    must(answerOf(run(*client, post(R"({"mode":"create"})"))));
    must(answerOf(run(*client, get())));

    const auto requests = server.requests();
    QCOMPARE(requests.size(), std::size_t{2});
    QCOMPARE(requests[0].method, std::string{"POST"});
    QCOMPARE(requests[0].target, std::string{"/enrollments?api-version=2021-10-01"});
    QCOMPARE(requests[0].body, QByteArray{R"({"mode":"create"})"});
    QCOMPARE(requests[0].headers.at("content-type"), std::string{"application/json; charset=utf-8"});
    QCOMPARE(requests[0].headers.at("content-length"), std::string{"17"});
    QCOMPARE(requests[0].headers.at("authorization"), std::string{"SharedAccessSignature sr=x"});
    QCOMPARE(requests[0].headers.at("accept"), std::string{"application/json"});
    QCOMPARE(requests[1].method, std::string{"GET"});
    QCOMPARE(requests[1].target, std::string{"/enrollments/a%3Ab?api-version=2021-10-01"});
    QVERIFY(!requests[1].headers.contains("content-type"));
}

void TestHttpsClient::reusesOneConnection()
{
    ScriptedHttpsServer server;
    server.otherwise([](const auto&) { return ScriptedAnswer{}; });
    const auto client = clientOf(server);

    for (int i = 0; i < 5; ++i) {
        must(answerOf(run(*client, post())));
    }

    QCOMPARE(server.requests().size(), std::size_t{5});
    QCOMPARE(server.connections(), 1);
}

void TestHttpsClient::bringsBackRefusalsWithTheirBody_data()
{
    QTest::addColumn<int>("code");
    for (const int code : {400001, 401000, 403000, 404201, 405000, 408000, 409201, 410000, 412001, 413000,
                           415000, 422000, 429001, 431000, 500000, 501000, 502000, 503000, 504000, 511000}) {
        QTest::addRow("%d", code) << code;
    }
}

void TestHttpsClient::bringsBackRefusalsWithTheirBody()
{
    QFETCH(int, code);
    ScriptedHttpsServer server;
    const auto scripted = refusal(code);
    server.then(scripted);
    const auto client = clientOf(server);

    const auto answer = must(answerOf(run(*client, post())));

    QCOMPARE(answer.status, code / 1000);
    QCOMPARE(asText(answer.body), std::string_view{scripted.body.toStdString()});
    QCOMPARE(server.requests().size(), std::size_t{1});
}

void TestHttpsClient::doesNotFollowRedirects()
{
    ScriptedHttpsServer server;
    server.then({302, "{}", {{"Location", "/elsewhere"}}});
    const auto client = clientOf(server);

    const auto answer = must(answerOf(run(*client, post())));

    QCOMPARE(answer.status, 302);
    QCOMPARE(server.requests().size(), std::size_t{1});
}

void TestHttpsClient::refusesAnUnknownAuthorityAndSendsNothing()
{
    ScriptedHttpsServer server;
    const ScriptedHttpsServer stranger;
    const auto client = must(HttpsClient::create({server.authority(), stranger.caFile()}));

    const auto missing = none(run(*client, post()));

    QCOMPARE(missing.error.code, CloudCode::CertificateInvalid);
    QCOMPARE(missing.delivery, Delivery::NotDelivered);
    QVERIFY(server.requests().empty());
}

void TestHttpsClient::refusesACertificateForAnotherHostAndSendsNothing()
{
    ScriptedHttpsServer server{"DNS:dps.example"};
    const auto client = clientOf(server);

    const auto missing = none(run(*client, post()));

    QCOMPARE(missing.error.code, CloudCode::CertificateInvalid);
    QVERIFY(server.requests().empty());
}

void TestHttpsClient::saysThatNothingWasSentWhenNobodyListens()
{
    const ScriptedHttpsServer vouching;
    QTcpServer closed;
    QVERIFY(closed.listen(QHostAddress::LocalHost, 0));
    const auto authority = "127.0.0.1:" + std::to_string(closed.serverPort());
    closed.close();
    const auto client = must(HttpsClient::create({authority, vouching.caFile()}));

    const auto missing = none(run(*client, post()));

    QCOMPARE(missing.error.code, CloudCode::Unreachable);
    QVERIFY2(missing.error.what.starts_with(authority + ": "), missing.error.what.c_str());
    QCOMPARE(missing.delivery, Delivery::NotDelivered);
}

void TestHttpsClient::saysThatNothingWasSentWhileNoConnectionStands_data()
{
    QTest::addColumn<bool>("closes");
    QTest::newRow("it says nothing") << false;
    QTest::newRow("it closes the connection") << true;
}

void TestHttpsClient::saysThatNothingWasSentWhileNoConnectionStands()
{
    QFETCH(bool, closes);
    const ScriptedHttpsServer vouching;
    QTcpServer silent; // accepts, and does not speak TLS
    QVERIFY(silent.listen(QHostAddress::LocalHost, 0));
    QObject::connect(&silent, &QTcpServer::newConnection, &silent, [&] {
        auto* socket = silent.nextPendingConnection();
        if (closes) {
            socket->abort();
        }
    });
    const auto client =
        must(HttpsClient::create({"127.0.0.1:" + std::to_string(silent.serverPort()), vouching.caFile()}));
    auto request = post();
    bool asked = false;
    request.beforeBody = [&asked] {
        asked = true;
        return Result<void>{};
    };

    const auto missing = none(run(*client, request, seconds{1}));

    QCOMPARE(missing.delivery, Delivery::NotDelivered);
    QVERIFY(!asked);
}

void TestHttpsClient::asksBeforeTheBodyLeaves()
{
    ScriptedHttpsServer server;
    const auto client = clientOf(server);
    auto request = post();
    int asked = 0;
    std::size_t receivedByThen = 0;
    request.beforeBody = [&] {
        ++asked;
        receivedByThen = server.requests().size();
        return Result<void>{};
    };

    must(answerOf(run(*client, request)));
    must(answerOf(run(*client, request))); // on the connection that stands already

    QCOMPARE(asked, 2);
    QCOMPARE(receivedByThen, std::size_t{1});
    QCOMPARE(server.requests().at(1).body, QByteArray{R"({"a":1})"});
}

void TestHttpsClient::sendsNoBodyThatIsForbidden()
{
    ScriptedHttpsServer server;
    const auto client = clientOf(server);
    auto request = post();
    request.beforeBody = [] { return Result<void>{makeError(StationCode::JournalCannotSave, "disk full")}; };

    const auto missing = none(run(*client, request));

    QCOMPARE(missing.error.code, StationCode::JournalCannotSave);
    QCOMPARE(missing.delivery, Delivery::NotDelivered);
    QVERIFY(server.requests().empty()); // none that is whole
}

void TestHttpsClient::doesNotSendABodyTwiceWhenTheConnectionBreaks()
{
    ScriptedHttpsServer server;
    server.otherwise([](const auto&) { return ScriptedAnswer{.manner = Manner::DropBefore}; });
    const auto client = clientOf(server);

    const auto missing = none(run(*client, post()));

    QCOMPARE(missing.error.code, CloudCode::Unreachable);
    QCOMPARE(missing.delivery, Delivery::InDoubt);
    QCOMPARE(server.requests().size(), std::size_t{1});
}

void TestHttpsClient::doesNotSendABodyTwiceOnAReusedConnection()
{
    ScriptedHttpsServer server;
    server.then(ScriptedAnswer{});
    server.otherwise([](const auto&) { return ScriptedAnswer{.manner = Manner::DropBefore}; });
    const auto client = clientOf(server);
    must(answerOf(run(*client, post())));

    const auto missing = none(run(*client, post()));

    QCOMPARE(missing.delivery, Delivery::InDoubt);
    QCOMPARE(server.requests().size(), std::size_t{2});
}

void TestHttpsClient::doubtsAnAnswerThatBreaksOff()
{
    ScriptedHttpsServer server;
    server.otherwise(
        [](const auto&) { return ScriptedAnswer{.body = QByteArray(4000, ' '), .manner = Manner::DropInside}; });
    const auto client = clientOf(server);

    const auto missing = none(run(*client, post()));

    QCOMPARE(missing.error.code, CloudCode::Unreachable);
    QCOMPARE(missing.delivery, Delivery::InDoubt);
    QCOMPARE(server.requests().size(), std::size_t{1});
}

void TestHttpsClient::givesUpAtTheDeadline()
{
    ScriptedHttpsServer server;
    server.otherwise([](const auto&) { return ScriptedAnswer{.manner = Manner::Stall}; });
    const auto client = clientOf(server);

    const auto missing = none(run(*client, post(), seconds{1}));

    QCOMPARE(missing.error.code, CloudCode::TimedOut);
    QCOMPARE(missing.delivery, Delivery::InDoubt);
}

void TestHttpsClient::stopsWhenAnotherThreadAsks()
{
    ScriptedHttpsServer server;
    std::stop_source source;
    server.otherwise([&source](const auto&) {
        source.request_stop(); // on the server's thread, with the request in its hands
        return ScriptedAnswer{.manner = Manner::Stall};
    });
    const auto client = clientOf(server);

    const auto missing = none(client->exchange(post(), Deadline::in(seconds{20}), source.get_token()));

    QCOMPARE(missing.error.code, DeviceCode::Cancelled);
    QCOMPARE(missing.delivery, Delivery::InDoubt);
}

void TestHttpsClient::sendsNothingAfterAStop()
{
    ScriptedHttpsServer server;
    std::stop_source source;
    source.request_stop();
    const auto client = clientOf(server);

    const auto missing = none(client->exchange(post(), Deadline::in(seconds{20}), source.get_token()));

    QCOMPARE(missing.error.code, DeviceCode::Cancelled);
    QCOMPARE(missing.delivery, Delivery::NotDelivered);
    QCOMPARE(server.connections(), 0);
}

void TestHttpsClient::refusesAnAnswerThatIsTooLarge()
{
    ScriptedHttpsServer server;
    server.then({200, QByteArray(static_cast<qsizetype>(kMaxAnswerBytes) + 1, ' ')});
    const auto client = clientOf(server);

    const auto missing = none(run(*client, post()));

    QCOMPARE(missing.error.code, CloudCode::AnswerMalformed);
    QCOMPARE(missing.delivery, Delivery::InDoubt);
}

void TestHttpsClient::refusesHeadersThatAreTooLarge_data()
{
    QTest::addColumn<int>("bytes");
    QTest::addColumn<Manner>("manner");
    QTest::newRow("more than is taken") << 70'000 << Manner::Answer;
    QTest::newRow("without an end") << 60'000 << Manner::EndlessHeaders;
}

/// Well before the deadline, which is what would end headers without an end otherwise.
void TestHttpsClient::refusesHeadersThatAreTooLarge()
{
    QFETCH(int, bytes);
    QFETCH(Manner, manner);
    ScriptedHttpsServer server;
    server.then({.headers = {{"X-Filler", QByteArray(bytes, 'a')}}, .manner = manner});
    const auto client = clientOf(server);

    const auto missing = none(run(*client, post(), seconds{60}));

    QCOMPARE(missing.error.code, CloudCode::AnswerMalformed);
    QCOMPARE(missing.delivery, Delivery::InDoubt);
    must(answerOf(run(*client, post()))); // the next call is served
}

void TestHttpsClient::doubtsAnAnswerThatIsNotHttp()
{
    ScriptedHttpsServer server;
    server.then({200, "{}", {{"Transfer-Encoding", "chunked"}}}); // the body that follows has no chunks
    const auto client = clientOf(server);

    const auto missing = none(run(*client, post(), seconds{2}));

    QCOMPARE(missing.delivery, Delivery::InDoubt);
    QCOMPARE(server.requests().size(), std::size_t{1});
}

void TestHttpsClient::refusesAnAuthorityThatIsNone_data()
{
    QTest::addColumn<QByteArray>("authority");
    QTest::newRow("empty") << QByteArray{};
    QTest::newRow("path") << QByteArray{"host/path"};
    QTest::newRow("user") << QByteArray{"user@host"};
    QTest::newRow("query") << QByteArray{"host?x"};
    QTest::newRow("port") << QByteArray{"host:99999"};
}

void TestHttpsClient::refusesAnAuthorityThatIsNone()
{
    QFETCH(QByteArray, authority);

    const auto client = HttpsClient::create({authority.toStdString(), {}});

    QVERIFY(!client);
    QCOMPARE(client.error().code, StationCode::ConfigurationInvalid);
}

void TestHttpsClient::refusesACaFileWithoutCertificates()
{
    QTemporaryDir directory;
    const auto file = directory.filePath(QStringLiteral("ca.pem"));

    const auto missing = HttpsClient::create({"localhost", file.toStdString()});
    QFile empty(file);
    QVERIFY(empty.open(QIODevice::WriteOnly));
    const auto none = HttpsClient::create({"localhost", file.toStdString()});

    QCOMPARE(missing.error().code, StationCode::ConfigurationInvalid);
    QCOMPARE(none.error().code, StationCode::ConfigurationInvalid);
}

QTEST_GUILESS_MAIN(TestHttpsClient)
#include "tst_https_client.moc"

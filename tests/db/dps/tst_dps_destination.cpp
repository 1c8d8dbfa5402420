#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/delivery/uploader.h"
#include "db/dps/dps_destination.h"
#include "tests/db/dps/dps_samples.h"
#include "tests/support/memory_outbox.h"
#include "tests/support/must.h"
#include "tests/support/numbered_record.h"
#include "tests/support/scripted_https_server.h"
#include "tests/support/virtual_waiting.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace enroll;
using namespace enroll::db::dps;
using namespace enroll::delivery;
using namespace enroll::test;
using enrollment::RecordState;

namespace {

class SilentSink final : public UploadProgressSink {
public:
    void progress(const UploadProgress& /*progress*/) override {}
};

QStringList idsIn(const RecordedRequest& request)
{
    QStringList ids;
    for (const auto& item : QJsonDocument::fromJson(request.body)[QStringLiteral("enrollments")].toArray()) {
        ids.append(item.toObject().value(QStringLiteral("registrationId")).toString());
    }
    return ids;
}

using Lines = std::vector<std::string>;

} // namespace

/// The uploader, the destination and the client together, against a server that does as it is told.
class TestDpsDestination : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void sendsTwentyThreeRecordsInThreeCallsOfAtMostTen();
    void acceptsAConflictWithTheSameKey();
    void rejectsAConflictWithAnotherKey();
    void keepsMixedOutcomesApart();
    void honoursRetryAfter();
    void goesOnAfterTheServiceWasUnavailable();
    void readsBackAfterALostAnswer();
    void sendsOneByOneWhenARecordSpoilsTheCall();
    void closesNothingWhileTheServiceRefusesEveryCall();
    void closesNothingWhileTheServiceRefusesEveryItem_data();
    void closesNothingWhileTheServiceRefusesEveryItem();
    void asksWhetherASingleRefusedRecordIsToBlame_data();
    void asksWhetherASingleRefusedRecordIsToBlame();
    void sendsAgainWhatAnUnsuccessfulCallDidNotCreate();
    void rejectsWhatWasInDoubtUnderAnIdTheServiceCannotHold();
    void goesOnPastARecordThatCannotBeReadBack();
    void goesOnPastARecordThatAGatewayWillNotPass();
    void stopsOnRefusedSignInAndLeavesRecordsOpen();
    void sendsNothingToAServerItCannotVerify();
    void doubtsAnAnswerItCannotRead();
    void keepsWithinItsRate();
    void losesNothingWhenStoppedInACall();

private:
    UploadReport drain(const std::stop_token& stop = {}) { return drainWith(m_server->caFile(), stop); }
    UploadReport drainWith(const std::string& caFile, const std::stop_token& stop = {}, int perMinute = 1000)
    {
        auto access = must(crypto::parseConnectionString("HostName=" + m_server->authority() +
                                                         ";SharedAccessKeyName=p;SharedAccessKey=a2V5"));
        DpsDestination destination{must(openDpsClient(std::move(access), caFile)), RateLimiter{perMinute}, *m_waiting};
        UploadOptions options;
        options.backOff.jitter = 0.0;
        options.mode = DrainOnce{.mostFailuresInARow = 3};
        SilentSink sink;
        return Uploader{*m_outbox, destination, options, sink, *m_waiting}.drain(stop);
    }
    void fill(int count)
    {
        for (int i = 1; i <= count; ++i) {
            m_outbox->add(recordNumber(i));
        }
    }
    /// From now on the server takes everything, and holds nothing yet.
    void mend()
    {
        m_server->otherwise([](const RecordedRequest& request) {
            return request.method == "GET" ? refusal(404201) : ScriptedAnswer{.body = bulkDone()};
        });
    }
    /// The server's next answers: these enrollments, as they were sent.
    void holds(std::initializer_list<int> numbers)
    {
        for (const int number : numbers) {
            m_server->then({200, enrollmentBody(idNumber(number).text(), recordNumber(number).endorsementKey)});
        }
    }
    /// "POST 10" for a bulk of ten, "GET dev-001" for a read-back.
    [[nodiscard]] Lines log() const
    {
        Lines lines;
        for (const auto& request : m_server->requests()) {
            const auto name =
                request.target.substr(0, request.target.find('?')).substr(std::string{"/enrollments"}.size());
            lines.push_back(request.method == "POST" ? "POST " + std::to_string(idsIn(request).size())
                                                     : request.method + " " + name.substr(1));
        }
        return lines;
    }

    std::unique_ptr<ScriptedHttpsServer> m_server;
    std::unique_ptr<MemoryOutbox> m_outbox;
    std::unique_ptr<VirtualWaiting> m_waiting;
};

void TestDpsDestination::init()
{
    m_server = std::make_unique<ScriptedHttpsServer>();
    m_server->otherwise([](const auto&) { return ScriptedAnswer{.body = bulkDone()}; });
    m_outbox = std::make_unique<MemoryOutbox>();
    m_waiting = std::make_unique<VirtualWaiting>();
}

void TestDpsDestination::sendsTwentyThreeRecordsInThreeCallsOfAtMostTen()
{
    fill(23);

    const auto report = drain();

    QCOMPARE(log(), (Lines{"POST 10", "POST 10", "POST 3"}));
    QCOMPARE(idsIn(m_server->requests().at(2)).first(), QStringLiteral("dev-021"));
    QCOMPARE(report.accepted, std::size_t{23});
    QCOMPARE(m_outbox->count(RecordState::Accepted), 23);
}

void TestDpsDestination::acceptsAConflictWithTheSameKey()
{
    fill(2);
    m_server->then({200, bulkResult({bulkRefusal(idNumber(1), 409201)})});
    holds({1, 2});

    const auto report = drain();

    QCOMPARE(log(), (Lines{"POST 2", "GET dev-001", "GET dev-002"}));
    QCOMPARE(report.accepted, std::size_t{2});
}

void TestDpsDestination::rejectsAConflictWithAnotherKey()
{
    fill(2);
    m_server->then({200, bulkResult({bulkRefusal(idNumber(1), 409201)})});
    m_server->then({200, enrollmentBody("dev-001", recordNumber(7).endorsementKey)});
    holds({2});

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{1});
    QCOMPARE(m_outbox->closing(0).code, std::string{"U-409"});
    QCOMPARE(m_outbox->entry(0).state, RecordState::Rejected);
}

void TestDpsDestination::keepsMixedOutcomesApart()
{
    fill(4);
    m_server->then({200, bulkResult({bulkRefusal(idNumber(2), 400004, "bad key"), bulkRefusal(idNumber(3), 429001)})});
    holds({1, 4});

    const auto report = drain();

    QCOMPARE(log(), (Lines{"POST 4", "GET dev-001", "GET dev-004", "POST 1"})); // number 3 again, alone
    QCOMPARE(idsIn(m_server->requests().at(3)), QStringList{QStringLiteral("dev-003")});
    QCOMPARE(report.accepted, std::size_t{3});
    QCOMPARE(m_outbox->closing(1), (OutboxClosing{2, RecordState::Rejected, "U-400", "400004 bad key"}));
}

void TestDpsDestination::honoursRetryAfter()
{
    fill(1);
    auto busy = refusal(429001);
    busy.headers = {{"Retry-After", "42"}};
    m_server->then(busy);

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{1});
    QCOMPARE(m_waiting->waits(), std::vector{std::chrono::milliseconds{42000}});
}

void TestDpsDestination::goesOnAfterTheServiceWasUnavailable()
{
    fill(3);
    m_server->then(refusal(503000));

    const auto report = drain();

    QCOMPARE(log(), (Lines{"POST 3", "POST 3"}));
    QCOMPARE(report.accepted, std::size_t{3});
}

void TestDpsDestination::readsBackAfterALostAnswer()
{
    fill(2);
    m_server->then(ScriptedAnswer{.manner = Manner::DropBefore});
    m_server->then({200, enrollmentBody("dev-001", recordNumber(1).endorsementKey)});
    m_server->then(refusal(404201));

    const auto report = drain();

    QCOMPARE(log(), (Lines{"POST 2", "GET dev-001", "GET dev-002", "POST 1"}));
    QCOMPARE(idsIn(m_server->requests().at(3)), QStringList{QStringLiteral("dev-002")});
    QCOMPARE(report.accepted, std::size_t{2});
}

void TestDpsDestination::sendsOneByOneWhenARecordSpoilsTheCall()
{
    fill(10);
    m_server->otherwise([](const RecordedRequest& request) {
        const bool spoiled = idsIn(request).contains(QStringLiteral("dev-004"));
        return spoiled ? refusal(400004, "bad key") : ScriptedAnswer{.body = bulkDone()};
    });

    const auto report = drain();

    QCOMPARE(m_server->requests().size(), std::size_t{11});
    QCOMPARE(report.accepted, std::size_t{9});
    QCOMPARE(report.rejected.size(), std::size_t{1});
    QCOMPARE(report.rejected[0].registrationId, idNumber(4));
    QCOMPARE(report.rejected[0].code, CloudCode::RefusedRequest);
}

void TestDpsDestination::closesNothingWhileTheServiceRefusesEveryCall()
{
    fill(12);
    m_server->otherwise([](const RecordedRequest&) { return refusal(400004, "Unsupported API version 2021-10-01."); });

    const auto refused = drain();

    QVERIFY(refused.rejected.empty());
    QCOMPARE(refused.left, std::size_t{12});
    QCOMPARE(refused.stoppedBy->code, CloudCode::RefusesAll);
    QCOMPARE(refused.stoppedBy->what, std::string{"400004 Unsupported API version 2021-10-01."});

    mend();
    QCOMPARE(drain().accepted, std::size_t{12});
}

void TestDpsDestination::closesNothingWhileTheServiceRefusesEveryItem_data()
{
    QTest::addColumn<int>("errorCode");
    QTest::newRow("a quota") << 403004;
    QTest::newRow("a right") << 401001;
    QTest::newRow("the same fault in each") << 400208;
}

void TestDpsDestination::closesNothingWhileTheServiceRefusesEveryItem()
{
    QFETCH(int, errorCode);
    fill(12);
    m_server->otherwise([errorCode](const RecordedRequest& request) {
        QByteArrayList items;
        for (const auto& id : idsIn(request)) {
            items.append(bulkRefusal(enrollment::RegistrationId{id.toStdString()}, errorCode, "quota reached"));
        }
        return ScriptedAnswer{.body = bulkResult(items)};
    });

    const auto refused = drain();

    QVERIFY(refused.rejected.empty());
    QCOMPARE(refused.left, std::size_t{12});
    QCOMPARE(refused.stoppedBy->code, CloudCode::RefusesAll);

    mend();
    QCOMPARE(drain().accepted, std::size_t{12});
}

void TestDpsDestination::asksWhetherASingleRefusedRecordIsToBlame_data()
{
    QTest::addColumn<int>("answerToTheQuestion");
    QTest::addColumn<int>("rejected");
    QTest::newRow("the service works") << 404201 << 1;
    QTest::newRow("the service refuses the question too") << 400004 << 0;
    QTest::newRow("the service is gone") << 503000 << 0;
}

void TestDpsDestination::asksWhetherASingleRefusedRecordIsToBlame()
{
    QFETCH(int, answerToTheQuestion);
    QFETCH(int, rejected);
    fill(1);
    m_server->otherwise([answerToTheQuestion](const RecordedRequest& request) {
        return refusal(request.method == "POST" ? 400004 : answerToTheQuestion);
    });

    drain();

    QCOMPARE(m_outbox->count(RecordState::Rejected), rejected);
}

void TestDpsDestination::sendsAgainWhatAnUnsuccessfulCallDidNotCreate()
{
    fill(2);
    m_server->then({200, bulkResult({bulkRefusal(idNumber(1), 400004, "bad key")})});
    m_server->then(refusal(404201));

    const auto report = drain();

    QCOMPARE(log(), (Lines{"POST 2", "GET dev-002", "POST 1"}));
    QCOMPARE(report.accepted, std::size_t{1});
    QCOMPARE(report.rejected.size(), std::size_t{1});
}

void TestDpsDestination::rejectsWhatWasInDoubtUnderAnIdTheServiceCannotHold()
{
    m_outbox->add(recordNumber(1), RecordState::Sent);
    m_outbox->add(recordNumber(2));
    m_server->otherwise([](const RecordedRequest& request) {
        const bool bad =
            request.target.find("dev-001") != std::string::npos || idsIn(request).contains(QStringLiteral("dev-001"));
        return bad ? refusal(400007, "no such id") : ScriptedAnswer{.body = bulkDone()};
    });

    const auto report = drain();

    QCOMPARE(log(), (Lines{"GET dev-001", "POST 2", "POST 1", "POST 1"}));
    QCOMPARE(report.accepted, std::size_t{1});
    QCOMPARE(m_outbox->closing(0), (OutboxClosing{1, RecordState::Rejected, "U-400", "400007 no such id"}));
}

void TestDpsDestination::goesOnPastARecordThatCannotBeReadBack()
{
    m_outbox->add(recordNumber(1), RecordState::Sent);
    m_outbox->add(recordNumber(2), RecordState::Sent);
    m_outbox->add(recordNumber(3));
    m_server->otherwise([](const RecordedRequest& request) {
        if (request.method == "POST") {
            return ScriptedAnswer{.body = bulkDone()};
        }
        const bool bad = request.target.find("dev-001") != std::string::npos;
        return bad ? refusal(405000, "no")
                   : ScriptedAnswer{200, enrollmentBody("dev-002", recordNumber(2).endorsementKey)};
    });

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{2});
    QCOMPARE(report.left, std::size_t{1});
    QCOMPARE(report.stoppedBy->code, CloudCode::AnswerMalformed);
}

void TestDpsDestination::goesOnPastARecordThatAGatewayWillNotPass()
{
    fill(12);
    m_server->otherwise([](const RecordedRequest& request) {
        if (request.method == "GET") {
            return refusal(404201);
        }
        const bool bad = idsIn(request).contains(QStringLiteral("dev-001"));
        return bad ? ScriptedAnswer{413, "<html>too large</html>"} : ScriptedAnswer{.body = bulkDone()};
    });

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{11});
    QCOMPARE(report.left, std::size_t{1});
    QVERIFY(report.rejected.empty());
    QCOMPARE(report.stoppedBy->code, CloudCode::AnswerMalformed);
}

void TestDpsDestination::stopsOnRefusedSignInAndLeavesRecordsOpen()
{
    fill(12);
    m_server->then(refusal(401002, "Unauthorized"));

    const auto report = drain();

    QCOMPARE(m_server->requests().size(), std::size_t{1});
    QCOMPARE(report.stoppedBy->code, CloudCode::RefusedSignIn);
    QCOMPARE(report.left, std::size_t{12});
}

void TestDpsDestination::sendsNothingToAServerItCannotVerify()
{
    fill(1);
    const ScriptedHttpsServer stranger;

    const auto report = drainWith(stranger.caFile());

    QVERIFY(m_server->requests().empty());
    QCOMPARE(report.stoppedBy->code, CloudCode::CertificateInvalid);
    QCOMPARE(report.left, std::size_t{1});
}

void TestDpsDestination::doubtsAnAnswerItCannotRead()
{
    fill(1);
    m_server->then({200, "<html>sign in to the factory network</html>"});
    m_server->then({200, enrollmentBody("dev-001", recordNumber(1).endorsementKey)});

    const auto report = drain();

    QCOMPARE(log(), (Lines{"POST 1", "GET dev-001"}));
    QCOMPARE(report.accepted, std::size_t{1});
}

void TestDpsDestination::keepsWithinItsRate()
{
    fill(30);

    drainWith(m_server->caFile(), {}, 1);

    QCOMPARE(m_waiting->waits(),
             (std::vector<std::chrono::milliseconds>{std::chrono::minutes{1}, std::chrono::minutes{1}}));
}

void TestDpsDestination::losesNothingWhenStoppedInACall()
{
    fill(3);
    std::stop_source source;
    m_server->then([&source](const auto&) {
        source.request_stop();
        return ScriptedAnswer{.manner = Manner::Stall};
    });

    const auto stopped = drain(source.get_token());
    QCOMPARE(stopped.stoppedBy->code, DeviceCode::Cancelled);
    QCOMPARE(m_outbox->count(RecordState::Sent), 3);

    for (int i = 1; i <= 3; ++i) {
        m_server->then({200, enrollmentBody(idNumber(i).text(), recordNumber(i).endorsementKey)});
    }
    const auto resumed = drain();
    QCOMPARE(log(), (Lines{"POST 3", "GET dev-001", "GET dev-002", "GET dev-003"}));
    QCOMPARE(resumed.accepted, std::size_t{3});
}

QTEST_GUILESS_MAIN(TestDpsDestination)
#include "tst_dps_destination.moc"

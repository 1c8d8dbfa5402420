#include "core/base/station_code.h"
#include "core/crypto/base64.h"
#include "core/crypto/sas_token.h"
#include "db/dps/dps_client.h"
#include "db/dps/enrollment_of_record.h"
#include "tests/db/dps/dps_samples.h"
#include "tests/support/must.h"
#include "tests/support/numbered_record.h"
#include "tests/support/scripted_https_server.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include <sys/stat.h>

using namespace enroll;
using namespace enroll::db::dps;
using namespace enroll::test;

class TestDpsClient : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void createsInOneBulkCall();
    void aRecordWithoutSettingsIsSentAsEver();
    void sendsTheSettingsOfARecord();
    void speaksTheApiOf2026WhereARecordNeedsIt_data();
    void speaksTheApiOf2026WhereARecordNeedsIt();
    void asksForOneEnrollmentByItsEncodedId();
    void asksInTheApiThatKnowsWhatARecordSets();
    void signsEachCallAnew();
    void namesTheHostInLowerCaseWithItsPort();
    void readsAConnectionStringFile();
    void refusesAConnectionStringFile_data();
    void refusesAConnectionStringFile();
    void leavesACredentialOfSystemdToItsAccessList();
    void doesNotWaitForAConnectionStringThatIsNoFile();
    void neverQuotesTheKey();

private:
    static constexpr auto kKey = "c2VjcmV0LWtleS1vZi10aGUtc3RhdGlvbg=="; // "secret-key-of-the-station"

    static crypto::ConnectionString accessTo(const std::string& host)
    {
        return must(crypto::parseConnectionString(
            "HostName=" + host + ";SharedAccessKeyName=provisioningserviceowner;SharedAccessKey=" + kKey));
    }
    static DpsClient clientOf(const ScriptedHttpsServer& server, DpsClient::Now now = utcNow)
    {
        return {accessTo(server.authority()), must(HttpsClient::create({server.authority(), server.caFile()})),
                std::chrono::seconds{20}, std::move(now)};
    }
    [[nodiscard]] QString write(const QByteArray& text, QFile::Permissions permissions) const
    {
        QFile file(m_directory.filePath(QStringLiteral("connection-string")));
        file.remove();
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.setPermissions(permissions)) {
            qFatal("cannot write a test file");
        }
        return file.fileName();
    }

    QTemporaryDir m_directory;
};

void TestDpsClient::createsInOneBulkCall()
{
    ScriptedHttpsServer server;
    auto client = clientOf(server);
    const std::vector enrollments{enrollmentOfRecord(recordNumber(1)), enrollmentOfRecord(recordNumber(2))};

    must(answerOf(client.bulkCreate(enrollments, {}, {})));

    const auto request = server.requests().at(0);
    QCOMPARE(request.method, std::string{"POST"});
    QCOMPARE(request.target, std::string{"/enrollments?api-version=2021-10-01"});
    const auto body = QJsonDocument::fromJson(request.body).object();
    QCOMPARE(body.value(QStringLiteral("mode")).toString(), QStringLiteral("create"));
    const auto items = body.value(QStringLiteral("enrollments")).toArray();
    QCOMPARE(items.size(), 2);
    const auto item = items.at(1).toObject();
    QCOMPARE(item.value(QStringLiteral("registrationId")).toString(), QStringLiteral("dev-002"));
    const auto attestation = item.value(QStringLiteral("attestation")).toObject();
    QCOMPARE(attestation.value(QStringLiteral("type")).toString(), QStringLiteral("tpm"));
    QCOMPARE(attestation.value(QStringLiteral("tpm"))
                 .toObject()
                 .value(QStringLiteral("endorsementKey"))
                 .toString()
                 .toLatin1(),
             base64Of(recordNumber(2).endorsementKey));
    QVERIFY(!item.contains(QStringLiteral("deviceId")));
}

void TestDpsClient::aRecordWithoutSettingsIsSentAsEver()
{
    ScriptedHttpsServer server;
    auto client = clientOf(server);

    must(answerOf(client.bulkCreate(std::vector{enrollmentOfRecord(recordNumber(1))}, {}, {})));

    const auto key = base64Of(recordNumber(1).endorsementKey);
    QCOMPARE(server.requests().at(0).body,
             R"({"enrollments":[{"attestation":{"tpm":{"endorsementKey":")" + key +
                 R"("},"type":"tpm"},"provisioningStatus":"enabled","registrationId":"dev-001"}],"mode":"create"})");
}

void TestDpsClient::sendsTheSettingsOfARecord()
{
    ScriptedHttpsServer server;
    auto client = clientOf(server);
    auto record = recordNumber(1);
    record.deviceId = "gw-1";
    record.settings.iotEdge = true;
    record.settings.twinJson = R"({"properties":{"desired":{"interval":60}},"tags":{"line":4}})";
    record.settings.allocationPolicy = enrollment::AllocationPolicy::GeoLatency;
    record.settings.iotHubs = {"a.test", "b.test"};
    record.settings.reprovisionPolicy = enrollment::ReprovisionPolicy{true, false};

    must(answerOf(client.bulkCreate(std::vector{enrollmentOfRecord(record)}, {}, {})));

    const auto key = base64Of(record.endorsementKey);
    QCOMPARE(server.requests().at(0).target, std::string{"/enrollments?api-version=2021-10-01"});
    QCOMPARE(server.requests().at(0).body,
             R"({"enrollments":[{"allocationPolicy":"geoLatency","attestation":{"tpm":{"endorsementKey":")" + key +
                 R"("},"type":"tpm"},"capabilities":{"iotEdge":true},"deviceId":"gw-1",)"
                 R"("initialTwin":{"properties":{"desired":{"interval":60}},"tags":{"line":4}},)"
                 R"("iotHubs":["a.test","b.test"],"provisioningStatus":"enabled","registrationId":"dev-001",)"
                 R"("reprovisionPolicy":{"migrateDeviceData":false,"updateHubAssignment":true}}],"mode":"create"})");
}

void TestDpsClient::speaksTheApiOf2026WhereARecordNeedsIt_data()
{
    QTest::addColumn<QString>("member");
    QTest::newRow("namespaceName") << QStringLiteral("namespaceName");
    QTest::newRow("certificateAuthorityName") << QStringLiteral("certificateAuthorityName");
    QTest::newRow("certificatePolicyName") << QStringLiteral("certificatePolicyName");
}

void TestDpsClient::speaksTheApiOf2026WhereARecordNeedsIt()
{
    QFETCH(QString, member);
    ScriptedHttpsServer server;
    auto client = clientOf(server);
    auto record = recordNumber(1);
    auto& settings = record.settings;
    auto& name = member == QLatin1String("namespaceName")              ? settings.namespaceName
                 : member == QLatin1String("certificateAuthorityName") ? settings.certificateAuthorityName
                                                                       : settings.certificatePolicyName;
    name = "factory";

    must(answerOf(
        client.bulkCreate(std::vector{enrollmentOfRecord(recordNumber(2)), enrollmentOfRecord(record)}, {}, {})));

    QCOMPARE(server.requests().at(0).target, std::string{"/enrollments?api-version=2026-11-01"});
    const auto body = QJsonDocument::fromJson(server.requests().at(0).body).object();
    const auto item = body.value(QStringLiteral("enrollments")).toArray().at(1).toObject();
    QCOMPARE(item.value(member).toString(), QStringLiteral("factory"));
}

void TestDpsClient::asksForOneEnrollmentByItsEncodedId()
{
    ScriptedHttpsServer server;
    auto client = clientOf(server);

    must(answerOf(client.enrollment(enrollment::RegistrationId{"SN:00.1_a-b"}, {}, {})));

    QCOMPARE(server.requests().at(0).method, std::string{"GET"});
    QCOMPARE(server.requests().at(0).target, std::string{"/enrollments/SN%3A00.1_a-b?api-version=2021-10-01"});
    QVERIFY(server.requests().at(0).body.isEmpty());
}

void TestDpsClient::asksInTheApiThatKnowsWhatARecordSets()
{
    ScriptedHttpsServer server;
    auto client = clientOf(server);
    enrollment::EnrollmentSettings wanted;
    wanted.namespaceName = "factory";

    must(answerOf(client.enrollment(idNumber(1), wanted, {})));

    QCOMPARE(server.requests().at(0).target, std::string{"/enrollments/dev-001?api-version=2026-11-01"});
}

void TestDpsClient::signsEachCallAnew()
{
    ScriptedHttpsServer server;
    UtcTime now = must(fromIso8601("2026-11-23T20:00:00Z"));
    auto client = clientOf(server, [&now] { return now; });

    must(answerOf(client.enrollment(idNumber(1), {}, {})));
    now += std::chrono::hours{5};
    must(answerOf(client.enrollment(idNumber(1), {}, {})));

    for (const auto& request : server.requests()) {
        const auto token = must(crypto::parseSasToken(request.headers.at("authorization")));
        const auto key = must(crypto::fromBase64(kKey));
        QCOMPARE(token.policy, std::string{"provisioningserviceowner"});
        QVERIFY(crypto::judgeSasToken(token, key, must(fromIso8601("2026-11-23T20:00:00Z")), std::chrono::seconds{0}) ==
                crypto::SasJudgement::Valid);
    }
    const auto first = must(crypto::parseSasToken(server.requests().at(0).headers.at("authorization")));
    const auto second = must(crypto::parseSasToken(server.requests().at(1).headers.at("authorization")));
    QCOMPARE(std::stoll(second.expiry) - std::stoll(first.expiry), 5LL * 3600);
    QCOMPARE(first.expiry, std::string{"1795467600"}); // 2026-11-23T21:00:00Z
}

void TestDpsClient::namesTheHostInLowerCaseWithItsPort()
{
    ScriptedHttpsServer server;
    DpsClient client{accessTo("Factory-DPS.Example:8443"),
                     must(HttpsClient::create({server.authority(), server.caFile()}))};

    must(answerOf(client.enrollment(idNumber(1), {}, {})));

    const auto token = must(crypto::parseSasToken(server.requests().at(0).headers.at("authorization")));
    QCOMPARE(token.resource, std::string{"factory-dps.example%3a8443"});
}

void TestDpsClient::readsAConnectionStringFile()
{
    const auto text = QByteArray("HostName=h:8443;SharedAccessKeyName=p;SharedAccessKey=").append(kKey).append("\n");
    const auto file = write(text, QFile::ReadOwner | QFile::WriteOwner);

    const auto access = must(readConnectionStringFile(file.toStdString()));

    QCOMPARE(access.host, std::string{"h:8443"});
    QCOMPARE(access.policy, std::string{"p"});
}

void TestDpsClient::refusesAConnectionStringFile_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QFile::Permissions>("others");
    const QFile::Permissions nobody;
    const auto good = QByteArray("HostName=h;SharedAccessKeyName=p;SharedAccessKey=").append(kKey);
    QTest::newRow("readable by everybody") << good << QFile::Permissions{QFile::ReadOther};
    QTest::newRow("readable by its group") << good << QFile::Permissions{QFile::ReadGroup};
    QTest::newRow("writable by its group") << good << QFile::Permissions{QFile::WriteGroup};
    QTest::newRow("empty") << QByteArray{} << nobody;
    QTest::newRow("no key") << QByteArray("HostName=h;SharedAccessKeyName=p") << nobody;
    QTest::newRow("too large") << good + QByteArray(5000, ' ') << nobody;
}

void TestDpsClient::refusesAConnectionStringFile()
{
    QFETCH(QByteArray, text);
    QFETCH(QFile::Permissions, others);
    const auto file = write(text, QFile::ReadOwner | QFile::WriteOwner | others);

    const auto access = readConnectionStringFile(file.toStdString());

    QVERIFY(!access);
    QCOMPARE(access.error().code, StationCode::ConfigurationInvalid);
    QVERIFY(access.error().what.find(file.toStdString()) != std::string::npos);
    QVERIFY(!readConnectionStringFile(file.toStdString() + ".not"));
}

void TestDpsClient::leavesACredentialOfSystemdToItsAccessList()
{
    const auto text = QByteArray("HostName=h;SharedAccessKeyName=p;SharedAccessKey=").append(kKey);
    const auto forGroup = write(text, QFile::ReadOwner | QFile::ReadGroup);
    const auto directory = QFileInfo{forGroup}.path().toUtf8();
    QVERIFY(!readConnectionStringFile(forGroup.toStdString()));

    qputenv("CREDENTIALS_DIRECTORY", directory);
    const auto cleanUp = qScopeGuard([] { qunsetenv("CREDENTIALS_DIRECTORY"); });

    QVERIFY(readConnectionStringFile(forGroup.toStdString()).ok());
    QVERIFY(!readConnectionStringFile(write(text, QFile::ReadOwner | QFile::ReadOther).toStdString()));
}

void TestDpsClient::doesNotWaitForAConnectionStringThatIsNoFile()
{
    const QTemporaryDir directory;
    const auto pipe = directory.filePath(QStringLiteral("pipe")).toStdString();
    QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);

    QCOMPARE(readConnectionStringFile(pipe).error().code, StationCode::ConfigurationInvalid);
    QCOMPARE(readConnectionStringFile(directory.path().toStdString()).error().code, StationCode::ConfigurationInvalid);
}

void TestDpsClient::neverQuotesTheKey()
{
    const auto file =
        write(QByteArray("SharedAccessKeyName=p;SharedAccessKey=").append(kKey), QFile::ReadOwner | QFile::WriteOwner);

    const auto access = readConnectionStringFile(file.toStdString());

    QVERIFY(!access);
    QVERIFY(describeForLog(access.error()).find(kKey) == std::string::npos);
}

QTEST_GUILESS_MAIN(TestDpsClient)
#include "tst_dps_client.moc"

#include "app/service/enrollment_routes.h"
#include "core/crypto/base64.h"
#include "tests/app/service/service_client.h"
#include "tests/support/field_device.h"
#include "tests/support/service_process.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>
#include <QTest>

using namespace enroll;
using namespace enroll::test;

/// The service side over real HTTPS. One process for all tests; each uses ids of its own.
class TestEnrollmentRoutes : public QObject {
    Q_OBJECT

    std::unique_ptr<ServiceProcess> m_service;
    std::unique_ptr<BackEnd> m_backEnd;
    QString m_key;
    int m_count = 0;

    QByteArray freshId() { return "dev-" + QByteArray::number(++m_count); }

    QJsonObject enrollment(const QByteArray& id) const
    {
        return {{QStringLiteral("registrationId"), QString::fromUtf8(id)},
                {QStringLiteral("attestation"),
                 QJsonObject{{QStringLiteral("type"), QStringLiteral("tpm")},
                             {QStringLiteral("tpm"), QJsonObject{{QStringLiteral("endorsementKey"), m_key}}}}}};
    }

    QJsonObject created(const QByteArray& id) { return m_backEnd->put("/enrollments/" + id, enrollment(id)).json(); }

    static QJsonObject bulk(const QString& mode, const QJsonArray& enrollments)
    {
        return {{QStringLiteral("mode"), mode}, {QStringLiteral("enrollments"), enrollments}};
    }

    static QByteArray etagOf(const QJsonObject& enrollment)
    {
        return enrollment.value(QLatin1String("etag")).toString().toUtf8();
    }

    ServiceAnswer withToken(const QByteArray& path, const QByteArray& token)
    {
        ServiceClient client{*m_service};
        return client.call("GET", path + "?api-version=2021-10-01",
                           {{"Host", m_backEnd->host()}, {"Authorization", token}});
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_service = std::make_unique<ServiceProcess>();
        m_backEnd = std::make_unique<BackEnd>(*m_service);
        m_key = QString::fromStdString(crypto::toBase64(FieldDevice{}.endorsementKey()));
    }

    void createsAnEnrollment()
    {
        const auto id = freshId();
        const auto answer = m_backEnd->put("/enrollments/" + id, enrollment(id));
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.headers.value("content-type"), QByteArray{"application/json; charset=utf-8"});
        QVERIFY(!answer.headers.value("x-ms-request-id").isEmpty());
        QVERIFY(etagOf(answer.json()).startsWith('"') && etagOf(answer.json()).endsWith('"'));
        QCOMPARE(answer.json().value(QLatin1String("createdDateTimeUtc")).toString().size(), 28);
    }

    void refusesToCreateTwice()
    {
        const auto id = freshId();
        created(id);
        const auto answer = m_backEnd->put("/enrollments/" + id.toUpper(), enrollment(id.toUpper()));
        QCOMPARE(answer.status, 409);
        QCOMPARE(answer.errorCode(), 409201);
        QCOMPARE(answer.headers.value("x-ms-error-code"), QByteArray{"409201"});
        QVERIFY(answer.json().contains(QLatin1String("trackingId")));
    }

    void givesBackWhatWasPut()
    {
        const auto id = freshId();
        auto wanted = enrollment(id);
        wanted.insert(QStringLiteral("deviceId"), QStringLiteral("gateway"));
        wanted.insert(QStringLiteral("initialTwin"),
                      QJsonObject{{QStringLiteral("tags"), QJsonObject{{QStringLiteral("line"), 4}}}});
        m_backEnd->put("/enrollments/" + id, wanted);
        const auto got = m_backEnd->get("/enrollments/" + id).json();
        for (auto member = wanted.constBegin(); member != wanted.constEnd(); ++member) {
            QCOMPARE(got.value(member.key()), member.value());
        }
    }

    void findsAnEncodedId()
    {
        auto wanted = enrollment("SN:00.1_a-b");
        QCOMPARE(m_backEnd->put("/enrollments/SN%3A00.1_a-b", wanted).status, 200);
        QCOMPARE(m_backEnd->get("/enrollments/sn%3a00.1_A-B").status, 200);
    }

    void doesNotFindWhatIsNotThere()
    {
        const auto answer = m_backEnd->get("/enrollments/" + freshId());
        QCOMPARE(answer.errorCode(), 404201);
        QCOMPARE(m_backEnd->remove("/enrollments/" + freshId()).errorCode(), 404201);
        QCOMPARE(m_backEnd->get("/registrations/" + freshId()).errorCode(), 404202);
    }

    void refusesAKeyInAnotherForm_data()
    {
        QTest::addColumn<QString>("key");
        QTest::newRow("little-endian dump") << QStringLiteral("OgEAAAEACwCyAAMAIACDcZdn");
        QTest::newRow("no base64") << QStringLiteral("***");
        QTest::newRow("nothing") << QString{};
    }

    void refusesAKeyInAnotherForm()
    {
        QFETCH(QString, key);
        const auto id = freshId();
        auto wrong = enrollment(id);
        wrong.insert(QStringLiteral("attestation"),
                     QJsonObject{{QStringLiteral("type"), QStringLiteral("tpm")},
                                 {QStringLiteral("tpm"), QJsonObject{{QStringLiteral("endorsementKey"), key}}}});
        QCOMPARE(m_backEnd->put("/enrollments/" + id, wrong).errorCode(), 400004);
    }

    void takesNamesThatAHubTakes_data()
    {
        QTest::addColumn<QString>("member");
        QTest::addColumn<QJsonValue>("value");
        const auto longestHost = QString{QString(63, QLatin1Char('a')) + QLatin1Char('.')}.repeated(4).left(253);
        QTest::newRow("every sign") << QStringLiteral("deviceId") << QJsonValue{QStringLiteral("aZ9-.%_#*?!(),:=@$'")};
        QTest::newRow("longest device id") << QStringLiteral("deviceId") << QJsonValue{QString(128, QLatin1Char('d'))};
        QTest::newRow("hub") << QStringLiteral("iotHubs") << QJsonValue{QJsonArray{QStringLiteral("Hub-1.test")}};
        QTest::newRow("longest hub") << QStringLiteral("iotHubs") << QJsonValue{QJsonArray{longestHost}};
    }
    void takesNamesThatAHubTakes()
    {
        QFETCH(QString, member);
        QFETCH(QJsonValue, value);
        const auto id = freshId();
        auto wanted = enrollment(id);
        wanted.insert(member, value);
        const auto answer = m_backEnd->put("/enrollments/" + id, wanted);
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.json().value(member), value);
    }

    void refusesNamesThatNoHubTakes_data()
    {
        QTest::addColumn<QString>("member");
        QTest::addColumn<QJsonValue>("value");
        const auto deviceId = QStringLiteral("deviceId");
        const auto hubs = QStringLiteral("iotHubs");
        const auto fourLabels = QString{QString(62, QLatin1Char('a')) + QLatin1Char('.')}.repeated(4);
        QTest::newRow("long device id") << deviceId << QJsonValue{QString(129, QLatin1Char('d'))};
        QTest::newRow("space") << deviceId << QJsonValue{QStringLiteral("gate way")};
        QTest::newRow("slash") << deviceId << QJsonValue{QStringLiteral("../gateway")};
        QTest::newRow("plus") << deviceId << QJsonValue{QStringLiteral("a+b")};
        QTest::newRow("line feed") << deviceId << QJsonValue{QStringLiteral("gateway\n")};
        QTest::newRow("NUL") << deviceId << QJsonValue{QString{QLatin1Char('a')}.append(QChar::Null)};
        QTest::newRow("no ASCII") << deviceId << QJsonValue{QStringLiteral("ger\u00e4t")};
        QTest::newRow("hub with a path") << hubs << QJsonValue{QJsonArray{QStringLiteral("hub.test/x")}};
        QTest::newRow("hub with a line feed") << hubs << QJsonValue{QJsonArray{QStringLiteral("hub.test\r\nX: y")}};
        QTest::newRow("second hub") << hubs
                                    << QJsonValue{QJsonArray{QStringLiteral("hub.test"), QStringLiteral("h b")}};
        QTest::newRow("empty label") << hubs << QJsonValue{QJsonArray{QStringLiteral("hub..test")}};
        QTest::newRow("long hub") << hubs << QJsonValue{QJsonArray{QString{fourLabels + QStringLiteral("bc")}}};
        QTest::newRow("older member") << QStringLiteral("iotHubHostName") << QJsonValue{QStringLiteral("https://hub")};
    }
    void refusesNamesThatNoHubTakes()
    {
        QFETCH(QString, member);
        QFETCH(QJsonValue, value);
        const auto id = freshId();
        auto wrong = enrollment(id);
        wrong.insert(member, value);
        const auto answer = m_backEnd->put("/enrollments/" + id, wrong);
        QCOMPARE(answer.errorCode(), 400001);
        QVERIFY(answer.json().value(QLatin1String("message")).toString().contains(member + QLatin1Char(':')));
        const auto errors = m_backEnd->post("/enrollments", bulk(QStringLiteral("create"), {wrong}))
                                .json()
                                .value(QLatin1String("errors"))
                                .toArray();
        QCOMPARE(errors.first().toObject().value(QLatin1String("errorCode")).toInt(), 400001);
        QCOMPARE(m_backEnd->get("/enrollments/" + id).status, 404);
    }

    void takesEnrollmentsUpToTheSizeOfAMessage()
    {
        const auto id = freshId();
        auto wanted = enrollment(id);
        const auto twinOf = [](qsizetype size) {
            return QJsonObject{{QStringLiteral("tags"), QString(size, QLatin1Char('x'))}};
        };
        wanted.insert(QStringLiteral("initialTwin"), twinOf(qsizetype{94} * 1024));
        QCOMPARE(m_backEnd->put("/enrollments/" + id, wanted).status, 200);

        wanted.insert(QStringLiteral("initialTwin"), twinOf(qsizetype{96} * 1024));
        const auto answer = m_backEnd->put("/enrollments/" + id, wanted, {{"If-Match", "*"}});
        QCOMPARE(answer.errorCode(), 413000);
        const auto inBulk = m_backEnd->post("/enrollments", bulk(QStringLiteral("update"), {wanted})).json();
        const auto errors = inBulk.value(QLatin1String("errors")).toArray();
        QCOMPARE(errors.size(), 1);
        QCOMPARE(errors.first().toObject().value(QLatin1String("errorCode")).toInt(), 413000);
    }

    void refusesAnotherIdInTheBody()
    {
        QCOMPARE(m_backEnd->put("/enrollments/" + freshId(), enrollment("other")).status, 400);
    }

    void refusesABodyThatIsNoJson()
    {
        ServiceClient client{*m_service};
        const auto answer =
            client.call("PUT", "/enrollments/x?api-version=2021-10-01",
                        {{"Host", m_backEnd->host()}, {"Authorization", m_backEnd->token(m_backEnd->host())}},
                        "{\"registrationId\":");
        QCOMPARE(answer.errorCode(), 400001);
    }

    void refusesAMediaTypeOtherThanJson_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<int>("status");
        QTest::newRow("plain") << QByteArray{"application/json"} << 404;
        QTest::newRow("letter case and parameter") << QByteArray{"Application/JSON ; charset=UTF-8"} << 404;
        QTest::newRow("text") << QByteArray{"text/plain"} << 415;
        QTest::newRow("begins like it") << QByteArray{"application/jsonp"} << 415;
    }

    void refusesAMediaTypeOtherThanJson()
    {
        QFETCH(QByteArray, type);
        const auto body = QJsonDocument{enrollment("nobody")}.toJson();
        ServiceClient client{*m_service};
        client.sendRaw("PUT /enrollments/nobody?api-version=2021-10-01 HTTP/1.1\r\nHost: " + m_backEnd->host() +
                       "\r\nAuthorization: " + m_backEnd->token(m_backEnd->host()) +
                       "\r\nIf-Match: *\r\nContent-Type: " + type +
                       "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
        QTEST(client.receive().status, "status");
    }

    void updatesWhateverIsThereWhenAskedTo()
    {
        const auto id = freshId();
        const auto before = created(id);
        const auto answer = m_backEnd->put("/enrollments/" + id, enrollment(id), {{"If-Match", "*"}});
        QCOMPARE(answer.status, 200);
        QVERIFY(etagOf(answer.json()) != etagOf(before));
    }

    void updatesWhatTheEtagNames()
    {
        const auto id = freshId();
        const auto etag = etagOf(created(id));
        QCOMPARE(m_backEnd->put("/enrollments/" + id, enrollment(id), {{"If-Match", etag}}).status, 200);
        QCOMPARE(m_backEnd->put("/enrollments/" + id, enrollment(id), {{"If-Match", etag}}).errorCode(), 412001);
    }

    /// Clients send back the whole object, with times as their JSON library writes them.
    void passesOverWhatOnlyTheServiceWrites()
    {
        const auto id = freshId();
        const auto before = created(id);
        auto sentBack = enrollment(id);
        sentBack.insert(QStringLiteral("createdDateTimeUtc"), QStringLiteral("2026-11-24T05:00:00.1234567+02:00"));
        sentBack.insert(QStringLiteral("lastUpdatedDateTimeUtc"), QStringLiteral("0001-01-01T00:00:00"));
        sentBack.insert(QStringLiteral("registrationState"), QStringLiteral("assigned"));
        const auto answer = m_backEnd->put("/enrollments/" + id, sentBack, {{"If-Match", "*"}});
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.json().value(QLatin1String("createdDateTimeUtc")),
                 before.value(QLatin1String("createdDateTimeUtc")));
        const auto inBulk = m_backEnd->post("/enrollments", bulk(QStringLiteral("update"), {sentBack}));
        QCOMPARE(inBulk.json().value(QLatin1String("isSuccessful")).toBool(), true);
    }

    void doesNotCreateByUpdating()
    {
        const auto id = freshId();
        QCOMPARE(m_backEnd->put("/enrollments/" + id, enrollment(id), {{"If-Match", "*"}}).errorCode(), 404201);
    }

    void removesOnlyWhatTheEtagNames()
    {
        const auto id = freshId();
        const auto etag = etagOf(created(id));
        QCOMPARE(m_backEnd->remove("/enrollments/" + id, {{"If-Match", "\"other\""}}).errorCode(), 412001);
        QCOMPARE(m_backEnd->remove("/enrollments/" + id, {{"If-Match", etag}}).status, 204);
        QCOMPARE(m_backEnd->get("/enrollments/" + id).status, 404);
    }

    void saysNothingOfALengthWhereThereIsNoContent()
    {
        const auto id = freshId();
        created(id);
        const auto answer = m_backEnd->remove("/enrollments/" + id);
        QCOMPARE(answer.status, 204);
        QVERIFY(!answer.headers.contains("content-length"));
        QCOMPARE(m_backEnd->get("/enrollments/" + id).status, 404);
    }

    void tellsTheOutcomeOfEachInABulk()
    {
        const auto taken = freshId();
        created(taken);
        const auto fresh = freshId();
        auto wrong = enrollment(freshId());
        wrong.remove(QStringLiteral("attestation"));
        const auto answer = m_backEnd->post(
            "/enrollments/", bulk(QStringLiteral("create"), {enrollment(fresh), enrollment(taken), wrong}));
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.json().value(QLatin1String("isSuccessful")).toBool(true), false);
        const auto errors = answer.json().value(QLatin1String("errors")).toArray();
        QCOMPARE(errors.size(), 2);
        QCOMPARE(errors.at(0).toObject().value(QLatin1String("errorCode")).toInt(), 409201);
        QCOMPARE(errors.at(0).toObject().value(QLatin1String("registrationId")).toString(), QString::fromUtf8(taken));
        QCOMPARE(m_backEnd->get("/enrollments/" + fresh).status, 200);
    }

    void takesTheModeInAnyLetterCase()
    {
        const auto id = freshId();
        auto known = created(id);
        const auto answer = m_backEnd->post("/enrollments", bulk(QStringLiteral("updateIfMatchEtag"), {known}));
        QCOMPARE(answer.json().value(QLatin1String("isSuccessful")).toBool(), true);
        const auto again = m_backEnd->post("/enrollments", bulk(QStringLiteral("updateIfMatchETag"), {known}));
        QCOMPARE(again.json().value(QLatin1String("isSuccessful")).toBool(true), false);
    }

    void removesInBulkByIdAlone()
    {
        const auto id = freshId();
        created(id);
        const QJsonObject named{{QStringLiteral("registrationId"), QString::fromUtf8(id)}};
        QCOMPARE(m_backEnd->post("/enrollments", bulk(QStringLiteral("delete"), {named})).status, 200);
        QCOMPARE(m_backEnd->get("/enrollments/" + id).status, 404);
    }

    void refusesElevenInABulkAsAWhole()
    {
        QJsonArray eleven;
        const auto first = freshId();
        eleven.append(enrollment(first));
        while (eleven.size() < 11) {
            eleven.append(enrollment(freshId()));
        }
        QCOMPARE(m_backEnd->post("/enrollments", bulk(QStringLiteral("create"), eleven)).status, 400);
        QCOMPARE(m_backEnd->get("/enrollments/" + first).status, 404);
    }

    void refusesAnIdThatStandsTwiceInABulk()
    {
        const auto id = freshId();
        const auto answer =
            m_backEnd->post("/enrollments", bulk(QStringLiteral("create"), {enrollment(id), enrollment(id.toUpper())}));
        QCOMPARE(answer.status, 400);
        QCOMPARE(m_backEnd->get("/enrollments/" + id).status, 404);
    }

    void pagesThroughTwoHundredAndFifty()
    {
        ServiceProcess service;
        BackEnd backEnd{service};
        for (int call = 0; call < 25; ++call) {
            QJsonArray ten;
            for (int i = 0; i < 10; ++i) {
                ten.append(enrollment("page-" + QByteArray::number(call * 10 + i)));
            }
            QCOMPARE(backEnd.post("/enrollments", bulk(QStringLiteral("create"), ten)).status, 200);
        }
        const QJsonObject query{{QStringLiteral("query"), QStringLiteral("SELECT * FROM enrollments")}};
        QSet<QString> seen;
        QList<int> sizes;
        Headers headers{{"x-ms-max-item-count", "1000"}};
        do {
            const auto answer = backEnd.post("/enrollments/query", query, headers);
            const auto page = QJsonDocument::fromJson(answer.body).array();
            QCOMPARE(answer.headers.value("x-ms-item-type"), QByteArray{"enrollment"});
            QCOMPARE(answer.headers.value("x-ms-max-item-count"), QByteArray{"100"});
            for (const auto& entry : page) {
                seen.insert(entry.toObject().value(QLatin1String("registrationId")).toString());
            }
            sizes.append(static_cast<int>(page.size()));
            headers = answer.headers.contains("x-ms-continuation")
                          ? Headers{{"x-ms-continuation", answer.headers.value("x-ms-continuation")}}
                          : Headers{};
        } while (!headers.isEmpty());
        QCOMPARE(sizes, (QList<int>{100, 100, 50}));
        QCOMPARE(seen.size(), 250);
    }

    void tellsTheAttestationMechanism()
    {
        const auto id = freshId();
        created(id);
        ServiceClient client{*m_service};
        const auto answer =
            client.call("POST", "/enrollments/" + id + "/attestationmechanism?api-version=2021-10-01",
                        {{"Host", m_backEnd->host()}, {"Authorization", m_backEnd->token(m_backEnd->host())}});
        QCOMPARE(answer.json().value(QLatin1String("type")).toString(), QStringLiteral("tpm"));
        QCOMPARE(answer.json().value(QLatin1String("tpm")).toObject().value(QLatin1String("endorsementKey")).toString(),
                 m_key);
    }

    void takesATokenForTheHostWithoutItsPort()
    {
        const auto id = freshId();
        created(id);
        QCOMPARE(withToken("/enrollments/" + id, m_backEnd->token("127.0.0.1")).status, 200);
        QCOMPARE(
            withToken("/enrollments/" + id, m_backEnd->token("127.0.0.1%3A" + QByteArray::number(m_service->port())))
                .status,
            200);
    }

    void takesATokenForAPathOnlyBySegment()
    {
        created("seg");
        QCOMPARE(withToken("/enrollments/seg", m_backEnd->token("127.0.0.1%2Fenrollments")).status, 200);
        QCOMPARE(withToken("/enrollments/seg", m_backEnd->token("127.0.0.1%2fenrollments%2fse")).errorCode(), 401002);
    }

    void refusesATokenForAnotherHost()
    {
        QCOMPARE(withToken("/enrollments/seg", m_backEnd->token("other.test")).errorCode(), 401002);
    }

    void refusesATokenWithAFlippedBit()
    {
        auto token = m_backEnd->token(m_backEnd->host());
        const auto at = token.indexOf("sig=") + 4;
        token[at] = token.at(at) == 'A' ? 'B' : 'A';
        QCOMPARE(withToken("/enrollments/seg", token).errorCode(), 401002);
    }

    void refusesACallWithoutAToken()
    {
        ServiceClient client{*m_service};
        QCOMPARE(client.call("GET", "/enrollments/seg?api-version=2021-10-01", {{"Host", "x"}}).errorCode(), 401000);
    }

    void refusesACallWithoutAnApiVersion()
    {
        QCOMPARE(m_backEnd->get("/enrollments/seg?x=1").errorCode(), 400002);
        QCOMPARE(m_backEnd->get("/enrollments/seg?api-version=1999-01-01").errorCode(), 400002);
    }

    void refusesAMethodThatTheRouteDoesNotKnow()
    {
        const auto answer = m_backEnd->post("/enrollments/seg", {});
        QCOMPARE(answer.status, 405);
        QCOMPARE(answer.headers.value("allow"), QByteArray{"PUT, GET, DELETE"});
        QCOMPARE(m_backEnd->get("/nothing").errorCode(), 404000);
    }

    void refusesWhatAPolicyHasNoRightTo()
    {
        QTemporaryDir directory;
        const auto path = directory.filePath(QStringLiteral("service"));
        ServiceProcess service{{.directory = path}};
        service.kill();
        QFile file{path + QStringLiteral("/policies.json")};
        QVERIFY(file.open(QIODevice::ReadWrite));
        auto policies = QJsonDocument::fromJson(file.readAll()).array();
        auto policy = policies.at(0).toObject();
        policy.insert(QStringLiteral("rights"), QJsonArray{QStringLiteral("EnrollmentRead")});
        policies.replace(0, policy);
        file.seek(0);
        file.resize(0);
        file.write(QJsonDocument{policies}.toJson());
        file.close();
        service.start();
        BackEnd reader{service};
        QCOMPARE(reader.put("/enrollments/a", enrollment("a")).errorCode(), 401001);
        QCOMPARE(reader.get("/enrollments/a").errorCode(), 404201);
        QCOMPARE(reader.get("/registrations/a").errorCode(), 401001);
    }
};

QTEST_GUILESS_MAIN(TestEnrollmentRoutes)
#include "tst_enrollment_routes.moc"

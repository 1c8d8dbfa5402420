#include "core/base/station_code.h"
#include "db/documents/act_document.h"
#include "db/documents/json_text.h"
#include "tests/support/sample_acts.h"

#include <QTest>

using namespace enroll;
using namespace enroll::db::documents;
using namespace enroll::station;
using test::actOf;
using test::fullAct;

class TestActDocument : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void givesEveryKindBackExactly()
    {
        for (const auto kind : kAllActKinds) {
            const auto act = actOf(kind, "ana");
            NotUnderstood notUnderstood;
            const auto again = actFromJson(toJson(act), notUnderstood);
            QVERIFY2(again.ok(), again.ok() ? "" : again.error().what.c_str());
            QVERIFY(*again == act);
            QVERIFY(notUnderstood.empty());
        }
    }

    void givesEveryMemberBackExactly()
    {
        NotUnderstood notUnderstood;
        const auto again = actFromJson(toJson(fullAct()), notUnderstood);
        QVERIFY(again.ok());
        QVERIFY(*again == fullAct());
        QVERIFY(notUnderstood.empty());
    }

    void leavesOutWhatAnActDoesNotSay()
    {
        const auto document = toJson(actOf(ActKind::BadgeRefused, {}));
        QCOMPARE(document.keys(), (QStringList{QStringLiteral("at"), QStringLiteral("schema"),
                                               QStringLiteral("stationId"), QStringLiteral("what")}));
    }

    void anAbsentMemberIsNull()
    {
        auto document = toJson(actOf(ActKind::SignedOut, {}));
        for (const auto* member : {"operator", "account", "inPlaceOf", "person", "slot", "serialNumber", "runId",
                                   "cause", "nextSerialNumber", "batch", "code", "reason", "count", "screen",
                                   "millimetres", "software", "profile", "configuration"}) {
            document.insert(QLatin1String(member), QJsonValue{});
        }
        NotUnderstood notUnderstood;
        const auto act = actFromJson(document, notUnderstood);
        QVERIFY(act.ok());
        QCOMPARE(toJson(*act).size(), 4);
        QVERIFY(notUnderstood.empty());
    }

    void aWordOfANewerProgramIsKeptAndRemarked()
    {
        auto document = toJson(actOf(ActKind::SignedIn, "ana"));
        document[QLatin1String("what")] = QStringLiteral("lid-opened");
        document[QLatin1String("code")] = QStringLiteral("B-777");
        document[QLatin1String("cause")] = QStringLiteral("robot");
        document[QLatin1String("lid")] = 2;
        NotUnderstood notUnderstood;
        const auto act = actFromJson(document, notUnderstood);
        QVERIFY(act.ok());
        QVERIFY(act->what.known() == nullptr);
        QCOMPARE(toJson(*act)[QLatin1String("what")].toString(), QStringLiteral("lid-opened"));
        QCOMPARE(toJson(*act)[QLatin1String("code")].toString(), QStringLiteral("B-777"));
        QCOMPARE(toJson(*act)[QLatin1String("cause")].toString(), QStringLiteral("robot"));
        QCOMPARE(notUnderstood.places,
                 (std::vector<std::string>{"what is 'lid-opened'", "cause is 'robot'", "code is 'B-777'",
                                           "lid is a member that this program does not know"}));
    }

    void aNewerVersionIsReadAsFarAsItGoes()
    {
        auto document = toJson(actOf(ActKind::SignedIn, "ana"));
        document[QLatin1String("schema")] = QStringLiteral("enrollment-station/act/9");
        NotUnderstood notUnderstood;
        QVERIFY(actFromJson(document, notUnderstood).ok());
        QCOMPARE(notUnderstood.places, std::vector<std::string>{"schema is version 9"});
    }

    void refusesWhatIsNoAct_data()
    {
        QTest::addColumn<QByteArray>("change");
        QTest::newRow("another document") << QByteArray{R"({"schema":"enrollment-station/outbox-entry/1"})"};
        QTest::newRow("no time") << QByteArray{R"({"at":null})"};
        QTest::newRow("a time that is none") << QByteArray{R"({"at":"yesterday"})"};
        QTest::newRow("no station") << QByteArray{R"({"stationId":null})"};
        QTest::newRow("what is a number") << QByteArray{R"({"what":1})"};
        QTest::newRow("slot is a text") << QByteArray{R"({"slot":"3"})"};
        QTest::newRow("slot is no slot's number") << QByteArray{R"({"slot":5000000000})"};
        QTest::newRow("cause is a number") << QByteArray{R"({"cause":1})"};
        QTest::newRow("count is a fraction") << QByteArray{R"({"count":1.5})"};
        QTest::newRow("screen is a number") << QByteArray{R"({"screen":5})"};
        QTest::newRow("millimetres in words") << QByteArray{R"({"millimetres":"wide"})"};
        QTest::newRow("configuration is an object") << QByteArray{R"({"configuration":{}})"};
        QTest::newRow("a file without a digest") << QByteArray{R"({"configuration":[{"file":"a"}]})"};
        QTest::newRow("profile without a name") << QByteArray{R"({"profile":{"version":"1","sha256":""}})"};
    }
    void refusesWhatIsNoAct()
    {
        QFETCH(QByteArray, change);
        auto document = toJson(fullAct());
        const auto changes = parseJsonObject(change).value();
        for (auto member = changes.begin(); member != changes.end(); ++member) {
            document[member.key()] = member.value();
        }
        const auto act = actFromJson(canonicalJson(document));
        QVERIFY(!act.ok());
        QCOMPARE(act.error().code, ErrorCode{StationCode::DocumentMalformed});
    }
};

QTEST_APPLESS_MAIN(TestActDocument)
#include "tst_act_document.moc"

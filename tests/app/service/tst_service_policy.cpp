#include "app/service/service_policy.h"
#include "core/base/bytes.h"

#include <QTest>

using namespace enroll;
using namespace enroll::app::service;

namespace {

constexpr auto kKey = "AAECAwQFBgcICQoLDA0ODw=="; // 16 bytes

QByteArray fileWith(const QByteArray& rights, const QByteArray& secondaryKey = kKey, const QByteArray& name = "reader")
{
    return R"([{"name":")" + name + R"(","primaryKey":")" + kKey + R"(","secondaryKey":")" + secondaryKey + "\"" +
           rights + "}]";
}

} // namespace

class TestServicePolicy : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsItsOwnFileBack()
    {
        std::vector<ServicePolicy> policies;
        policies.push_back(makeOwnerPolicy().value());
        const auto read = policiesFromJson(toJson(policies));
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().what.c_str());
        QCOMPARE(read->size(), 1U);
        QCOMPARE(read->front().name, std::string{kOwnerPolicy});
        QVERIFY(read->front().rights == policies.front().rights);
        QVERIFY(equalBytes(read->front().primaryKey.view(), policies.front().primaryKey.view()));
        QVERIFY(equalBytes(read->front().secondaryKey.view(), policies.front().secondaryKey.view()));
    }

    void writesAFileThatPeopleCanEdit()
    {
        std::vector<ServicePolicy> policies;
        policies.push_back(makeOwnerPolicy().value());
        QVERIFY(toJson(policies).count('\n') > 5);
    }

    void aPolicyMayHaveNoRight()
    {
        QVERIFY(policiesFromJson(fileWith("")).value().front().rights.empty());
        QVERIFY(policiesFromJson(fileWith(R"(,"rights":[])")).value().front().rights.empty());
    }

    void namesTheMemberThatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("no JSON") << QByteArray{"["} << QByteArray{"not JSON"};
        QTest::newRow("no list") << QByteArray{"{}"} << QByteArray{"not a list"};
        QTest::newRow("empty") << QByteArray{"[]"} << QByteArray{"the list is empty"};
        QTest::newRow("no object") << QByteArray{"[1]"} << QByteArray{"[0] is not an object"};
        QTest::newRow("no name") << QByteArray{"[{}]"} << QByteArray{"[0].name"};
        QTest::newRow("empty name") << fileWith("", kKey, "") << QByteArray{"[0].name is empty"};
        QTest::newRow("name of spaces") << fileWith("  ", kKey, "") << QByteArray{"[0].name is empty: write"};
        QTest::newRow("name with what nobody sees") << fileWith("", kKey,
                                                                "\xEF\xBB\xBF\xEF\xBB\xBF"
                                                                "s")
                                                    << QByteArray{"[0].name holds a character"};
        QTest::newRow("name of another alphabet") << fileWith("", kKey, "\xC3\xA9") << QByteArray{"[0].name holds"};
        QTest::newRow("name with a line end") << fileWith("", kKey, "a\\n") << QByteArray{"[0].name holds"};
        QTest::newRow("right") << fileWith(R"(,"rights":["EnrollmentRead","Everything"])")
                               << QByteArray{
                                      "[0].rights holds \"Everything\"; rights of this service are ServiceConfig, "};
        QTest::newRow("right of another form") << fileWith(R"(,"rights":[1])") << QByteArray{"[0].rights[0]"};
        QTest::newRow("short key") << fileWith("", "AAEC") << QByteArray{"[0].secondaryKey"};
        QTest::newRow("key") << fileWith("", "AAEC*") << QByteArray{"[0].secondaryKey"};
    }
    void namesTheMemberThatIsWrong()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, said);
        const auto read = policiesFromJson(json);
        QVERIFY(!read.ok());
        const auto what = QByteArray::fromStdString(read.error().what);
        QVERIFY2(what.contains(said), what.constData());
        QVERIFY2(!what.contains(kKey) && !what.contains("AAEC"), "a key is quoted");
    }
};

QTEST_APPLESS_MAIN(TestServicePolicy)
#include "tst_service_policy.moc"

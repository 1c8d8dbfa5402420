#include "core/base/bytes.h"
#include "db/documents/json_text.h"

#include <QTest>

using namespace enroll;
using namespace enroll::db::documents;

namespace {

QByteArray nested(int levels)
{
    return "{\"a\":" + QByteArray(levels - 1, '[') + QByteArray(levels - 1, ']') + "}";
}

} // namespace

/// What every reader of JSON takes and refuses: stored documents, answers of services, requests of clients.
class TestJsonText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refusesWhatIsNotOneObject_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("nothing") << QByteArray{};
        QTest::newRow("white space") << QByteArray{" \n"};
        QTest::newRow("a list") << QByteArray{"[]"};
        QTest::newRow("a text") << QByteArray{"\"a\""};
        QTest::newRow("a number") << QByteArray{"1"};
        QTest::newRow("half an object") << QByteArray{"{\"a\":1"};
        QTest::newRow("two objects") << QByteArray{"{}{}"};
        QTest::newRow("something behind it") << QByteArray{"{} x"};
        QTest::newRow("a comma too many") << QByteArray{"{\"a\":1,}"};
        QTest::newRow("no quotes") << QByteArray{"{a:1}"};
        QTest::newRow("not UTF-8") << QByteArray{"{\"a\":\"\xff\xfe\"}"};
        QTest::newRow("half a character") << QByteArray{"{\"a\":\"\xc3\"}"};
        QTest::newRow("a NUL behind it") << QByteArray{"{}\0", 3};
        QTest::newRow("too deep") << nested(2000);
    }
    void refusesWhatIsNotOneObject()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!parseJsonObject(text).ok());
        QVERIFY(!parseJsonObject(asBytes(text.toStdString())).ok());
    }

    void saysWhereItIsBroken()
    {
        const auto broken = parseJsonObject(QByteArray{"{\"a\":x}"});
        QVERIFY(broken.error().what.find("at byte") != std::string::npos);
    }

    void takesAnObjectOfReasonableDepth() { QVERIFY(parseJsonObject(nested(100)).ok()); }

    void lastOfTwoMembersOfOneNameCounts()
    {
        const auto object = parseJsonObject(QByteArray{R"({"a":1,"b":2,"a":3})"});
        QCOMPARE(object.value(), (QJsonObject{{QStringLiteral("a"), 3}, {QStringLiteral("b"), 2}}));
    }

    void takesEscapedCharacters()
    {
        const auto object = parseJsonObject(QByteArray{R"({"a":"x\/\u00e9\u0000y"})"});
        QCOMPARE(object.value().value(QStringLiteral("a")).toString().toUtf8(), QByteArray("x/\xc3\xa9\0y", 6));
    }

    void readsAListOnlyWhereOneIsAsked()
    {
        QCOMPARE(parseJsonList(QByteArray{"[1,2]"}).value().size(), 2);
        QVERIFY(!parseJsonList(QByteArray{"{}"}).ok());
    }

    void writesOneSpelling()
    {
        const auto object = parseJsonObject(QByteArray{"{ \"b\" : 1,\n\"a\" : [ 1.0, true ] }"}).value();
        QCOMPARE(canonicalJson(object), QByteArray{R"({"a":[1,true],"b":1})"});
        QCOMPARE(parseJsonObject(readableJson(object)).value(), object);
        QVERIFY(readableJson(object).count('\n') > 1);
    }
};

QTEST_APPLESS_MAIN(TestJsonText)
#include "tst_json_text.moc"

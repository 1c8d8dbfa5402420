#include "db/documents/member_reader.h"

#include <QTest>

using namespace enroll;
using namespace enroll::db::documents;

namespace {

MemberReader readerOf(const char* json)
{
    return MemberReader{parseJsonObject(QByteArray{json}).value()};
}

std::string faultOf(const Error& error)
{
    return error.what;
}

} // namespace

class TestMemberReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsWholeNumbersOnly_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<std::optional<qint64>>("value");
        const auto row = [](const char* json, std::optional<qint64> value) {
            QTest::newRow(json) << QByteArray{json} << value;
        };
        row(R"({"n":0})", 0);
        row(R"({"n":-7})", -7);
        row(R"({"n":7.0})", 7);
        row(R"({"n":1e3})", 1000);
        row(R"({"n":9007199254740993})", 9007199254740993); // beyond what a double tells apart
        row(R"({"n":1.5})", {});
        row(R"({"n":1e300})", {});
        row(R"({"n":"7"})", {});
        row(R"({"n":true})", {});
        row(R"({"n":null})", {});
        row(R"({"m":7})", {});
    }
    void readsWholeNumbersOnly()
    {
        QFETCH(QByteArray, json);
        QFETCH(std::optional<qint64>, value);
        const auto read = readerOf(json.constData()).integer("n");
        QCOMPARE(read.ok(), value.has_value());
        if (value) {
            QCOMPARE(qint64{*read}, *value);
        }
    }

    void namesTheWholePath()
    {
        const auto reader = readerOf(R"({"a":{"list":[{"n":1},{"n":"x"}]},"texts":["a",2]})");
        const auto list = reader.object("a").value().objects("list").value();
        QCOMPARE(faultOf(list[1].integer("n").error()), std::string{"a.list[1].n is not a whole number"});
        QCOMPARE(faultOf(reader.texts("texts").error()), std::string{"texts[1] is not a text"});
        QCOMPARE(faultOf(reader.objects("texts").error()), std::string{"texts[0] is not an object"});
    }

    void readsTheObjectsOfAList()
    {
        const auto readers = MemberReader::listOf(parseJsonList(QByteArray{R"([{"n":1},{}])"}).value()).value();
        QCOMPARE(readers.size(), 2U);
        QVERIFY(readers[0].integer("n").ok());
        QVERIFY(readers[1].isEmpty());
        QCOMPARE(faultOf(readers[1].integer("n").error()), std::string{"[1].n is not a whole number"});
        QCOMPARE(faultOf(MemberReader::listOf(parseJsonList(QByteArray{"[1]"}).value()).error()),
                 std::string{"[0] is not an object"});
    }

    void aMemberOfAnotherFormSaysAsLittleAsNoneWhereThatIsAsked()
    {
        const auto reader =
            readerOf(R"({"text":"a","number":404201,"half":1.5,"big":4294967296,"object":{"text":"b"}})");
        QCOMPARE(reader.looseText("text"), std::string{"a"});
        for (const auto* name : {"number", "object", "absent"}) {
            QCOMPARE(reader.looseText(name), std::string{});
        }
        QCOMPARE(reader.looseInteger("number"), 404201);
        for (const auto* name : {"half", "big", "text", "absent"}) {
            QCOMPARE(reader.looseInteger(name), 0);
        }
        QCOMPARE(reader.looseObject("object").looseText("text"), std::string{"b"});
        QVERIFY(reader.looseObject("text").isEmpty());
        QCOMPARE(reader.looseObject("absent").looseText("text"), std::string{});
    }

    void knowsEveryVersionUpToOne()
    {
        const auto isUpTo = [](const char* json, const char* schema) { return readerOf(json).isOfVersionUpTo(schema); };
        QVERIFY(isUpTo(R"({"schema":"station/run/1"})", "station/run/1"));
        QVERIFY(isUpTo(R"({"schema":"station/run/1"})", "station/run/2")); // as on the day a version 2 comes
        QVERIFY(isUpTo(R"({"schema":"station/run/2"})", "station/run/2"));
        QVERIFY(!isUpTo(R"({"schema":"station/run/3"})", "station/run/2"));
        QVERIFY(!isUpTo(R"({"schema":"station/record/1"})", "station/run/2"));
        QVERIFY(!isUpTo(R"({"schema":"station/run/0"})", "station/run/2"));
        QVERIFY(!isUpTo(R"({})", "station/run/2"));
    }

    void aNullMemberIsAbsent()
    {
        const auto reader = readerOf(R"({"null":null})");
        QVERIFY(reader.isAbsent("null") && reader.isAbsent("absent"));
        QVERIFY(!reader.textIfAny("null").value());
        QVERIFY(!reader.objectIfAny("null").value());
        QVERIFY(!reader.timeIfAny("null").value());
    }
};

QTEST_APPLESS_MAIN(TestMemberReader)
#include "tst_member_reader.moc"

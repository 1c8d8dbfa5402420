#include "app/service/request_target.h"
#include "core/base/station_code.h"

#include <QTest>

using namespace enroll;
using namespace enroll::app::service;

using Path = std::vector<std::string>;
using Query = std::map<std::string, std::string>;

class TestRequestTarget : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesThePathApart_data()
    {
        QTest::addColumn<std::string>("target");
        QTest::addColumn<Path>("path");
        QTest::newRow("one segment") << std::string{"/enrollments"} << Path{"enrollments"};
        QTest::newRow("two segments") << std::string{"/enrollments/gx-1"} << Path{"enrollments", "gx-1"};
        QTest::newRow("slash at the end") << std::string{"/enrollments/"} << Path{"enrollments"};
        QTest::newRow("two slashes at the end") << std::string{"/enrollments//"} << Path{"enrollments", ""};
        QTest::newRow("empty segment") << std::string{"/a//b"} << Path{"a", "", "b"};
        QTest::newRow("root") << std::string{"/"} << Path{""};
        QTest::newRow("nothing") << std::string{} << Path{""};
        QTest::newRow("no slash in front") << std::string{"health"} << Path{"health"};
        QTest::newRow("escaped colon") << std::string{"/enrollments/a%3Ab"} << Path{"enrollments", "a:b"};
        QTest::newRow("escaped slash stays inside") << std::string{"/a%2fb/c"} << Path{"a/b", "c"};
        QTest::newRow("escaped question mark") << std::string{"/a%3Fb"} << Path{"a?b"};
        QTest::newRow("decoded once") << std::string{"/a%252Fb"} << Path{"a%2Fb"};
        QTest::newRow("dots are names") << std::string{"/a/../b"} << Path{"a", "..", "b"};
        QTest::newRow("plus is a plus") << std::string{"/a+b"} << Path{"a+b"};
        QTest::newRow("query is no path") << std::string{"/a?b/c"} << Path{"a"};
    }
    void takesThePathApart()
    {
        QFETCH(std::string, target);
        QFETCH(Path, path);
        const auto parsed = parseRequestTarget(target);
        QVERIFY(parsed.ok());
        QCOMPARE(parsed->path, path);
    }

    void takesTheQueryApart_data()
    {
        QTest::addColumn<std::string>("target");
        QTest::addColumn<Query>("query");
        QTest::newRow("one") << std::string{"/a?api-version=2021-10-01"} << Query{{"api-version", "2021-10-01"}};
        QTest::newRow("two") << std::string{"/a?x=1&y=2"} << Query{{"x", "1"}, {"y", "2"}};
        QTest::newRow("without a value") << std::string{"/a?x"} << Query{{"x", ""}};
        QTest::newRow("equals sign in the value") << std::string{"/a?x=1=2"} << Query{{"x", "1=2"}};
        QTest::newRow("escapes") << std::string{"/a?x%3D=%26"} << Query{{"x=", "&"}};
        QTest::newRow("the last of two") << std::string{"/a?x=1&x=2"} << Query{{"x", "2"}};
        QTest::newRow("second question mark") << std::string{"/a?x=1?y"} << Query{{"x", "1?y"}};
    }
    void takesTheQueryApart()
    {
        QFETCH(std::string, target);
        QFETCH(Query, query);
        const auto parsed = parseRequestTarget(target);
        QVERIFY(parsed.ok());
        QCOMPARE(parsed->query, query);
    }

    void refuses_data()
    {
        QTest::addColumn<std::string>("target");
        QTest::newRow("half an escape") << std::string{"/a%4"};
        QTest::newRow("escape of nothing") << std::string{"/a%"};
        QTest::newRow("escape of no number") << std::string{"/a%zz"};
        QTest::newRow("NUL") << std::string{"/a%00"};
        QTest::newRow("line feed") << std::string{"/a%0Ab"};
        QTest::newRow("delete") << std::string{"/a%7f"};
        QTest::newRow("bare control character") << std::string{"/a\tb"};
        QTest::newRow("broken escape in a query's name") << std::string{"/a?%=1"};
        QTest::newRow("line feed in a query's value") << std::string{"/a?x=%0d%0aSet-Cookie"};
    }
    void refuses()
    {
        QFETCH(std::string, target);
        const auto parsed = parseRequestTarget(target);
        QVERIFY(!parsed.ok());
        QCOMPARE(parsed.error().code, StationCode::EncodingMalformed);
    }
};

QTEST_APPLESS_MAIN(TestRequestTarget)
#include "tst_request_target.moc"

#include "core/base/station_code.h"
#include "core/enrollment/serial_pattern.h"
#include "tests/support/must.h"

#include <QTest>

using namespace enroll;
using namespace enroll::enrollment;
using enroll::test::must;

namespace {

std::string refusalOf(const std::string& text)
{
    const auto pattern = SerialPattern::compile(text);
    if (pattern.ok()) {
        return "(accepted)";
    }
    return pattern.error().code == StationCode::ConfigurationInvalid ? pattern.error().what : "(wrong code)";
}

std::string nested(std::string inner, int times)
{
    for (int i = 0; i < times; ++i) {
        inner.insert(0, "(").append(")*");
    }
    return inner;
}

} // namespace

class tst_serial_pattern : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anEmptyPatternFitsEverything()
    {
        QVERIFY(SerialPattern{}.fits(""));
        QVERIFY(must(SerialPattern::compile("")).fits("Device 7/a"));
        QCOMPARE(must(SerialPattern::compile("")), SerialPattern{});
    }

    void fitsTheWholeTextWhetherAnchoredOrNot_data()
    {
        QTest::addColumn<QString>("pattern");
        for (const char* pattern :
             {"^GX-[0-9]{6}$", "GX-[0-9]{6}", "GX-\\d{6}", "(GX|GX-0)-?[0-9]+", "^GX-[[:digit:]]+"}) {
            QTest::newRow(pattern) << QString::fromLatin1(pattern);
        }
    }
    void fitsTheWholeTextWhetherAnchoredOrNot()
    {
        QFETCH(QString, pattern);
        const auto compiled = must(SerialPattern::compile(pattern.toStdString()));
        QVERIFY(compiled.fits("GX-000183"));
        QVERIFY(!compiled.fits("GX-000183\n"));
        QVERIFY(!compiled.fits(" GX-000183"));
        QVERIFY(!compiled.fits("xGX-000183"));
    }

    void letterCaseCounts() { QVERIFY(!must(SerialPattern::compile("GX-1")).fits("gx-1")); }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("part");
        const auto row = [](const char* pattern, const char* part) {
            QTest::newRow(pattern) << QString::fromLatin1(pattern) << QString::fromLatin1(part);
        };
        row("[0-9", "\"[0-9\" lacks its closing ]");
        row("(GX", "\"(GX\" lacks its closing )");
        row("GX)", "\"GX)\" has no opening ( before it");
        row("*", "\"*\" has nothing before it");
        row("a**", "\"**\" repeats a repetition");
        row("a{1001}", "\"{1001}\" repeats more than 1000 times");
        row("[z-a]", "\"z-a\" is not a valid range");
        row("\\u0041", "\"\\u\" is not a known escape");
        row("GX\\", "ends with a single \\");
        row("(?>a)", "\"(?>\" is not a known kind of group");
        row("([A-Z])\\1", "back-reference \"\\1\", which is not supported");
        row("(?P<a>x)(?P=a)", "back-reference");
        row("(?=GX).*", "look-around \"(?=\", which is not supported");
        row("(?!AB).*", "look-around");
        row("(?<=a)b", "look-around");
        row("\\pL{1000}", "too much memory");
        row("((a{100}){100}){100}", "repeats more than 1000 times");
    }
    void saysWhatIsWrong()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, part);
        const auto why = refusalOf(pattern.toStdString());
        QVERIFY2(why.find(part.toStdString()) != std::string::npos, why.c_str());
    }

    void refusesAnOverlongPattern()
    {
        QVERIFY(SerialPattern::compile(std::string(256, 'a')).ok());
        QCOMPARE(refusalOf(std::string(257, 'a')), std::string{"is longer than 256 characters"});
    }

    /// Each of these took a back-tracking matcher longer than anybody waits, or its stack. The test's own time-out
    /// catches one that does.
    void aHostilePatternTakesNoTime_data()
    {
        QTest::addColumn<QString>("pattern");
        const auto row = [](const char* name, const std::string& pattern) {
            QTest::newRow(name) << QString::fromStdString(pattern);
        };
        row("nested repetition", "(a+)+b");
        row("nested stars", nested("a", 80) + "b");
        row("alternatives that overlap", "(a|a|a|aa)*b");
        row("any text five times", "(.*)*(.*)*(.*)*(.*)*(.*)*b");
        row("optional before required", "(a?){60}a{60}b");
        row("large product", "(a{1,30}){1,30}b");
    }
    void aHostilePatternTakesNoTime()
    {
        QFETCH(QString, pattern);
        const auto compiled = must(SerialPattern::compile(pattern.toStdString()));
        for (int scan = 0; scan < 1000; ++scan) {
            QVERIFY(!compiled.fits(std::string(64, 'a')));
        }
    }

    void aPatternMayBeSharedAndCompared()
    {
        const auto pattern = must(SerialPattern::compile("GX-[0-9]+"));
        auto copy = must(SerialPattern::compile("X"));
        copy = pattern;
        QCOMPARE(copy, pattern);
        QVERIFY(copy.fits("GX-7"));
        QVERIFY(!(copy == must(SerialPattern::compile("GX-[0-9]*"))));
        QCOMPARE(copy.text(), std::string{"GX-[0-9]+"});
    }
};

QTEST_GUILESS_MAIN(tst_serial_pattern)
#include "tst_serial_pattern.moc"

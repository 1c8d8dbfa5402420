#include "db/exports/csv.h"
#include "tests/support/run_builder.h"

#include <QList>
#include <QTest>

using namespace enroll;
using namespace enroll::db::exports;

class TestCsv : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void escapesCells_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("cell");
        const auto row = [](const char* name, const char* text, const char* cell) {
            QTest::addRow("%s", name) << QByteArray{text} << QByteArray{cell};
        };
        row("plain", "GX-000183", "GX-000183");
        row("empty", "", "");
        row("comma", "a,b", "\"a,b\"");
        row("quotation mark", "say \"no\"", "\"say \"\"no\"\"\"");
        row("line feed", "two\nlines", "\"two\nlines\"");
        row("equals", "=1+1", "'=1+1");
        row("plus", "+49", "'+49");
        row("minus", "-1", "'-1");
        row("at", "@SUM(A1)", "'@SUM(A1)");
        row("tab", "\t=1", "'\t=1");
        row("carriage return", "\r=1", "\"'\r=1\"");
        row("formula with a comma", "=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
        row("equals inside", "a=b", "a=b");
        row("UTF-8", "\xc3\xbc", "\xc3\xbc");
    }
    void escapesCells()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, cell);
        QCOMPARE(csvCell(text.toStdString()), cell);
    }

    void endsRowsAsTheStandardSays()
    {
        const std::vector<std::string> cells{"a", "", "c"};
        QCOMPARE(csvRow(cells), QByteArray{"a,,c\r\n"});
    }

    void hasACellForEveryNameInTheHeader()
    {
        auto run = test::DeviceFigure{183}.passingRun();
        const auto names = csvHeader().trimmed().split(',');
        const auto cells = csvLine(run).trimmed().split(',');
        QCOMPARE(cells.size(), names.size());
        QCOMPARE(cells[names.indexOf("serialNumber")], QByteArray{"GX-000183"});
        QCOMPARE(cells[names.indexOf("outcome")], QByteArray{"pass"});
        QCOMPARE(cells[names.indexOf("recordState")], QByteArray{"queued"});
        QCOMPARE(cells[names.indexOf("formVersion")], QByteArray{"1"});
        QVERIFY(cells[names.indexOf("endorsementKey")].startsWith("ATo"));
    }

    void aTextOfTheRunStaysInItsLine()
    {
        auto run = test::DeviceFigure{183}.passingRun();
        run.outcome = Word<Outcome>::unknown("parked\r\n018f,pass");
        run.headline = "\x1b[2J\u202E";
        const auto line = csvLine(run);
        QCOMPARE(line.count('\n'), 1);
        QVERIFY(line.contains("\"parked\uFFFD\uFFFD018f,pass\"") && line.contains(",\uFFFD[2J\uFFFD,"));
        QVERIFY(!line.contains('\x1b'));
    }

    void leavesCellsEmptyThatTheRunDoesNotKnow()
    {
        const auto cells = csvLine(test::emptyRun()).trimmed().split(',');
        const auto names = csvHeader().trimmed().split(',');
        QCOMPARE(cells.size(), names.size());
        QVERIFY(cells[names.indexOf("endorsementKey")].isEmpty());
        QVERIFY(cells[names.indexOf("code")].isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestCsv)
#include "tst_csv.moc"

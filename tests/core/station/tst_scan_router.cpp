#include "core/base/scan_code.h"
#include "core/station/scan_router.h"
#include "tests/support/code_text.h"
#include "tests/support/must.h"

#include <QTest>

using namespace enroll;
using namespace enroll::station;
using namespace enroll::test;

namespace {

CommandCodes commands(const char* station = "ST-07")
{
    return must(CommandCodes::of(enrollment::StationId{station}));
}

ScanRouter routerWith(const char* prefix)
{
    return {{.prefix = prefix}, commands()};
}

} // namespace

class TestScanRouter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsCommandsLabelsAndSerialsApart()
    {
        const auto router = routerWith("");
        QVERIFY(must(router.read(commands().textOf(Command::Undo))) == ScannedCode{Command::Undo});
        QVERIFY(must(router.read("SLOT 12\r")) == ScannedCode{enrollment::SlotNumber{12}});
        QVERIFY(must(router.read(" GX-000183\t")) == ScannedCode{SerialCode{"GX-000183"}});
        QVERIFY(must(router.read("")) == ScannedCode{SerialCode{}});
    }

    void whatTheScannerPutsBeforeACodeBelongsToNoCode_data()
    {
        QTest::addColumn<QString>("around");
        for (const auto* around : {"%1", "~%1", "]C1~%1", "~]C1%1", "]C1%1", "~%1\r\n", " ~%1", "~ %1"}) {
            QTest::newRow(around) << QString::fromLatin1(around);
        }
    }
    void whatTheScannerPutsBeforeACodeBelongsToNoCode()
    {
        QFETCH(const QString, around);
        const auto router = routerWith("~");
        const auto read = [&](const std::string& code) {
            return must(router.read(around.arg(QString::fromStdString(code)).toStdString()));
        };
        QVERIFY(read("GX-000183") == ScannedCode{SerialCode{"GX-000183"}});
        QVERIFY(read("SLOT 3") == ScannedCode{enrollment::SlotNumber{3}});
        QVERIFY(read(commands().textOf(Command::Start)) == ScannedCode{Command::Start});
    }

    void refusesTwoCodesAsOne_data()
    {
        QTest::addColumn<QString>("scan");
        QTest::newRow("two prefixes") << QStringLiteral("~GX-000181~GX-000182");
        QTest::newRow("the second has one") << QStringLiteral("GX-000181~GX-000182");
        QTest::newRow("two at the start") << QStringLiteral("~~GX-000181");
        QTest::newRow("a command and a serial")
            << QString::fromStdString("~" + commands().textOf(Command::Stop)) + QStringLiteral("~GX-000181");
        QTest::newRow("identifiers") << QStringLiteral("~]C1GX-000181~]C1GX-000182");
    }
    void refusesTwoCodesAsOne()
    {
        QFETCH(const QString, scan);
        const auto read = routerWith("~").read(scan.toStdString());
        QVERIFY(!read.ok());
        QCOMPARE(textOf(read.error().code), textOf(ScanCode::TwoCodesAsOne));
    }

    void refusesAnotherStationsCard()
    {
        const auto read = routerWith("").read(commands("ST-08").textOf(Command::Stop));
        QVERIFY(!read.ok());
        QCOMPARE(textOf(read.error().code), textOf(ScanCode::OtherStationsCard));
    }
};

QTEST_GUILESS_MAIN(TestScanRouter)
#include "tst_scan_router.moc"

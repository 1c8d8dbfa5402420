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

using enrollment::CodeKind;
using enrollment::SerialPattern;
using Patterns = std::map<CodeKind, const char*>;

constexpr EntryWay kScanned{.pace = EntryWay::Pace::Scanner};
constexpr EntryWay kScannedWithCaps{.pace = EntryWay::Pace::Scanner, .capsLock = true};

/// A plant with a form for each kind of codes.
const Patterns kPlant{{CodeKind::Serial, "GX-[0-9]{6}"},
                      {CodeKind::Batch, "WO-[0-9]{4}"},
                      {CodeKind::Badge, "B[0-9]{5}"},
                      {CodeKind::Slot, "POS[0-9]{2}"},
                      {CodeKind::Command, "CMD-.*"}};

ScanRouter plantRouter(const Patterns& patterns, const char* ofProfile = "",
                       enrollment::ScanEnd end = enrollment::ScanEnd::LineEnd)
{
    enrollment::ScannerSettings settings;
    settings.end = end;
    for (const auto& [kind, pattern] : patterns) {
        settings.patterns.set(kind, must(SerialPattern::compile(pattern)));
    }
    return {settings, commands(), must(SerialPattern::compile(ofProfile))};
}

/// What \p router makes of \p scan: the code of a refusal, or the kind and what it holds.
QString readOf(const ScanRouter& router, const QString& scan, const EntryWay& way = {})
{
    const auto code = router.read(scan.toStdString(), way);
    if (!code.ok()) {
        return textOf(code.error().code);
    }
    if (const auto* serial = std::get_if<SerialCode>(&*code)) {
        return QStringLiteral("serial ") + QString::fromStdString(serial->text);
    }
    const auto* slot = std::get_if<enrollment::SlotNumber>(&*code);
    if (const auto* batch = std::get_if<enrollment::BatchId>(&*code)) {
        return QStringLiteral("batch ") + QString::fromStdString(batch->text());
    }
    if (const auto* badge = std::get_if<BadgeCode>(&*code)) {
        return QStringLiteral("badge ") + QString::fromStdString(badge->text);
    }
    return slot != nullptr ? QStringLiteral("slot %1").arg(slot->value) : QStringLiteral("command");
}

QString cardCode(Command command)
{
    return QString::fromStdString(commands().textOf(command));
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

    void noSerialHoldsTheLabelOfASlot()
    {
        const auto twoCodes = textOf(ScanCode::TwoCodesAsOne);
        const auto loose = plantRouter({}, "^[A-Z0-9 -]{4,20}$");
        for (const auto& router : {plantRouter({}), loose}) {
            for (const auto* scan : {"SLOT 3GX-000184", "GX-000184SLOT 3", "SLOT 3SLOT 4"}) {
                QCOMPARE(readOf(router, QString::fromLatin1(scan)), twoCodes);
            }
            QCOMPARE(readOf(router, QStringLiteral("SLOT 12")), QStringLiteral("slot 12"));
            QCOMPARE(readOf(router, QStringLiteral("GX-000184")), QStringLiteral("serial GX-000184"));
        }
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

    void everyCodeHasOneKindOrNone_data()
    {
        QTest::addColumn<QString>("read");
        const auto row = [](const QString& scan, const char* read) {
            QTest::newRow(qPrintable(scan)) << QString::fromLatin1(read);
        };
        row(QStringLiteral("GX-000181"), "serial GX-000181");
        row(QStringLiteral("]C1GX-000181"), "serial GX-000181");
        row(QStringLiteral("WO-4711"), "batch WO-4711");
        row(QStringLiteral("B00042"), "badge B00042");
        row(QStringLiteral("POS07"), "slot 7");
        row(QStringLiteral("SLOT 12"), "slot 12"); // the station's own label
        row(QStringLiteral("CMD-REBOOT"), "B-619");
        row(cardCode(Command::Stop), "command");
        row(cardCode(Command::Stop).toUpper(), "command");
        row(cardCode(Command::Stop) + QStringLiteral("now"), "B-619"); // of a newer card, or misread
        row(QStringLiteral("4006381333931"), "B-601");
        row(QStringLiteral("gx-000181"), "B-615");
        row(QStringLiteral("wo-4711"), "B-615");
        row(QStringLiteral("GX-000181GX-000182"), "B-613");
        row(QStringLiteral("WO-4711GX-000181"), "B-613");
        row(QStringLiteral("GX-000181B00042"), "B-613");
        row(cardCode(Command::Start) + QStringLiteral("GX-000181"), "B-613");
        row(QStringLiteral("SLOT 3GX-000181"), "B-613");
        row(QStringLiteral("21000181\03510AB"), "B-620");
    }
    void everyCodeHasOneKindOrNone()
    {
        QFETCH(const QString, read);
        for (const auto& way : {EntryWay{}, kScanned}) {
            QCOMPARE(readOf(plantRouter(kPlant), QString::fromUtf8(QTest::currentDataTag()), way), read);
        }
    }

    void aCodeOfTwoKindsIsOfNone()
    {
        const auto router = plantRouter(
            {{CodeKind::Serial, "[A-Z]+-[0-9]+"}, {CodeKind::Batch, "WO-[0-9]+"}, {CodeKind::Badge, "B.*"}});
        QCOMPARE(readOf(router, QStringLiteral("WO-4711")), QStringLiteral("B-616"));
        QCOMPARE(readOf(router, QStringLiteral("B-42")), QStringLiteral("B-616"));
        QCOMPARE(readOf(router, QStringLiteral("GX-42")), QStringLiteral("serial GX-42"));
    }

    /// Without a pattern of the station's, the profile's tells what a serial number is; without both, all the rest are.
    void theProfileSaysWhatASerialNumberIs()
    {
        const Patterns batchAlone{{CodeKind::Batch, "WO-[0-9]{4}"}};
        const auto strict = plantRouter(batchAlone, "[A-Z]{2}-[0-9]{4,6}");
        QCOMPARE(readOf(strict, QStringLiteral("WO-4711")), QStringLiteral("B-616"));
        QCOMPARE(readOf(strict, QStringLiteral("GX-000181")), QStringLiteral("serial GX-000181"));
        QCOMPARE(readOf(strict, QStringLiteral("other")), QStringLiteral("serial other")); // the profile refuses it
        const auto wide = plantRouter({}, ".+");
        QCOMPARE(readOf(wide, QStringLiteral("SLOT 3")), QStringLiteral("slot 3"));
        QCOMPARE(readOf(wide, cardCode(Command::Undo)), QStringLiteral("command"));
        const auto any = plantRouter(batchAlone);
        QCOMPARE(readOf(any, QStringLiteral("WO-4711")), QStringLiteral("batch WO-4711"));
        QCOMPARE(readOf(any, QStringLiteral("wo-4711")), QStringLiteral("B-615"));
        QCOMPARE(readOf(any, QStringLiteral("other")), QStringLiteral("serial other"));
        QCOMPARE(readOf(any, cardCode(Command::Stop) + QStringLiteral("GX-000181")), QStringLiteral("B-613"));
    }

    /// "000181000182" is a serial number by its form, and two that came at once.
    void withoutAnEndACodeThatMayBeTwoIsRefused()
    {
        const Patterns digits{{CodeKind::Serial, "[0-9]{6,12}"}, {CodeKind::Batch, "[A-Z]{2}[0-9]{0,6}"}};
        const auto twice = QStringLiteral("000181000182");
        const auto silent = plantRouter(digits, "", enrollment::ScanEnd::Silence);
        QCOMPARE(readOf(silent, twice, kScanned), QStringLiteral("B-613"));
        QCOMPARE(readOf(silent, twice), QStringLiteral("serial ") + twice); // by hand, and Enter
        QCOMPARE(readOf(silent, QStringLiteral("00018100018"), kScanned), QStringLiteral("serial 00018100018"));
        QCOMPARE(readOf(plantRouter(digits), twice, kScanned), QStringLiteral("serial ") + twice);
    }

    /// A batch is one code, however wide its pattern.
    void aBatchThatMayBeTwoCodesIsRefused()
    {
        const Patterns wide{{CodeKind::Serial, "GX-[0-9]{6}"}, {CodeKind::Batch, "WO.*"}};
        QCOMPARE(readOf(plantRouter(wide), QStringLiteral("WO-4711SLOT 3")), QStringLiteral("B-613"));
        const auto silent = plantRouter(wide, "", enrollment::ScanEnd::Silence);
        QCOMPARE(readOf(silent, QStringLiteral("WO-4711GX-000181"), kScanned), QStringLiteral("B-613"));
        QCOMPARE(readOf(silent, QStringLiteral("WO-4711/2"), kScanned), QStringLiteral("batch WO-4711/2"));
        const auto longest = QStringLiteral("WO") + QString(62, QLatin1Char('1'));
        QCOMPARE(readOf(plantRouter(wide), longest), QStringLiteral("batch ") + longest);
        QCOMPARE(readOf(plantRouter(wide), longest + QLatin1Char('1')), QStringLiteral("B-618"));
    }

    void keysAmongAScanSpoilIt()
    {
        QCOMPARE(readOf(plantRouter(kPlant), QStringLiteral("GX-000181"), {.pace = EntryWay::Pace::Mixed}),
                 QStringLiteral("B-621"));
    }

    void capsLockIsNotTrusted()
    {
        const auto both = plantRouter({}, "[A-Za-z]{2}-[0-9]{6}");
        QCOMPARE(readOf(both, QStringLiteral("gx-000181"), kScannedWithCaps), QStringLiteral("B-622"));
        QCOMPARE(readOf(both, QStringLiteral("gx-000181"), kScanned), QStringLiteral("serial gx-000181"));
        QCOMPARE(readOf(both, QStringLiteral("]c1gx-000181"), kScanned), QStringLiteral("B-615"));
        QCOMPARE(readOf(both, QStringLiteral("gx-000181"), {.capsLock = true}), QStringLiteral("serial gx-000181"));
        const auto any = plantRouter({});
        QCOMPARE(readOf(any, QStringLiteral("gx-000181"), kScannedWithCaps), QStringLiteral("B-622"));
        QCOMPARE(readOf(any, QStringLiteral("000181"), kScannedWithCaps), QStringLiteral("serial 000181"));
        // A scanner that knows of Caps Lock sends what is on the label.
        QCOMPARE(readOf(plantRouter(kPlant), QStringLiteral("GX-000181"), kScannedWithCaps),
                 QStringLiteral("serial GX-000181"));
        // In the other case it would be of another kind.
        const auto twoCases =
            plantRouter({{CodeKind::Serial, "[a-z]{2}-[0-9]+"}, {CodeKind::Batch, "[A-Z]{2}-[0-9]+"}});
        QCOMPARE(readOf(twoCases, QStringLiteral("wo-4711"), kScannedWithCaps), QStringLiteral("B-622"));
    }

    void aBadgeStandsInNoLog()
    {
        const auto read = plantRouter({{CodeKind::Batch, "B.*"}, {CodeKind::Badge, "B[0-9]{5}"}}).read("B00042");
        QVERIFY(read.error().code == ScanCode::CodeOfTwoKinds);
        QVERIFY(read.error().what.find("42") == std::string::npos);
        QVERIFY(read.error().subject.empty());
    }

    void aLabelWithoutANumberNamesNoSlot()
    {
        const auto router = plantRouter({{CodeKind::Slot, "POS.*"}});
        QCOMPARE(readOf(router, QStringLiteral("POS-LEFT")), QStringLiteral("slot 0"));
        QCOMPARE(readOf(router, QStringLiteral("POS99999999999")), QStringLiteral("slot 0"));
        QCOMPARE(readOf(router, QStringLiteral("POS-0012")), QStringLiteral("slot 12"));
    }
};

QTEST_GUILESS_MAIN(TestScanRouter)
#include "tst_scan_router.moc"

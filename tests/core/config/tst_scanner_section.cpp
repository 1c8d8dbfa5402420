#include "core/base/station_code.h"
#include "core/config/station_config.h"

#include <QTest>

using namespace enroll;
using namespace enroll::config;
using enrollment::ScanEnd;
using enrollment::ScannerSettings;

namespace {

Result<StationConfig> parse(const QString& keys)
{
    return parseStationConfig("schema = 1\n[scanner]\n" + keys.toStdString(), "s.toml");
}

} // namespace

class TestScannerSection : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aScannerAsItComesNeedsNoKey()
    {
        const auto config = parse({});
        QVERIFY(config.ok());
        QVERIFY(config->scanner == ScannerSettings{});
        QVERIFY(config->scanner.end == ScanEnd::LineEnd);
        QCOMPARE(config->origins.at("scanner.prefix"), std::string{"default"});
    }

    void readsEveryKey()
    {
        const auto config = parse(QStringLiteral("prefix = \"~#\"\nsuffix = \"none\"\nmin_length = 5\n"));
        QVERIFY2(config.ok(), config.ok() ? "" : config.error().what.c_str());
        QVERIFY((config->scanner == ScannerSettings{.prefix = "~#", .end = ScanEnd::Silence, .minLength = 5}));
        QCOMPARE(config->origins.at("scanner.suffix"), std::string{"s.toml:4"});
    }

    void readsAScannerOfTheStationsOwn()
    {
        const auto line = parse(QStringLiteral("device = \"/dev/ttyACM0\"\nbaud = 115200\n"));
        QVERIFY2(line.ok(), line.ok() ? "" : line.error().what.c_str());
        QVERIFY((line->scanner.own == enrollment::OwnScanner{"/dev/ttyACM0", {}, 115200}));
        QVERIFY(!line->scanner.own->types());
        const auto keyboard = parse(QStringLiteral("device = \"/dev/input/by-id/x\"\nlayout = \"de\"\n"));
        QVERIFY2(keyboard.ok(), keyboard.ok() ? "" : keyboard.error().what.c_str());
        QVERIFY(keyboard->scanner.own->types());
        QCOMPARE(keyboard->origins.at("scanner.layout"), std::string{"s.toml:4"});
        QVERIFY(!parse({})->scanner.own);
    }

    void readsPatternsByKind()
    {
        using enum enrollment::CodeKind;
        const auto config = parse(QStringLiteral("min_length = 5\n[scanner.patterns]\nserial = 'GX-[0-9]{6}'\n"
                                                 "batch = 'WO-[0-9]{4}'\noperator = 'B[0-9]+'\nslot = 'POS[0-9]+'\n"
                                                 "command = 'CMD-.*'\n"));
        QVERIFY2(config.ok(), config.ok() ? "" : config.error().what.c_str());
        const auto& patterns = config->scanner.patterns;
        QVERIFY(patterns.fits(Serial, "GX-000181") && !patterns.fits(Serial, "WO-4711"));
        QVERIFY(patterns.fits(Batch, "WO-4711") && patterns.fits(Badge, "B7") && patterns.fits(Slot, "POS3"));
        QVERIFY(patterns.fits(Command, "CMD-X"));
        QCOMPARE(config->origins.at("scanner.patterns.batch"), std::string{"s.toml:6"});
        QVERIFY(!parse(QStringLiteral("min_length = 5\n"))->scanner.patterns.has(Serial));
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("keys");
        QTest::addColumn<QString>("part");
        const auto row = [](const char* name, const char* keys, const char* part) {
            QTest::newRow(name) << QString::fromUtf8(keys) << QString::fromUtf8(part);
        };
        row("empty prefix", "prefix = \"\"\n", "s.toml:3: scanner.prefix");
        row("a letter", "prefix = \"G\"\n", "1 to 8 of the signs");
        row("a dash, as in many serial numbers", "prefix = \"-\"\n", "1 to 8 of the signs");
        row("a digit within", "prefix = \"~1\"\n", "1 to 8 of the signs");
        row("a blank", "prefix = \"~ \"\n", "1 to 8 of the signs");
        row("not ASCII", "prefix = \"\u00a7\"\n", "1 to 8 of the signs");
        row("a control character", "prefix = \"\\u0002\"\n", "control character");
        row("too long", "prefix = \"~~~~~~~~~\"\n", "1 to 8 of the signs");
        row("as an identifier", "prefix = \"]\"\n", "1 to 8 of the signs");
        row("another suffix", "suffix = \"tab\"\n", "\"line-end\", \"none\"");
        row("too short", "min_length = 3\n", "from 4 to 6");
        row("too long a length", "min_length = 7\n", "from 4 to 6");
        row("keyboard without layout", "device = \"/dev/input/event3\"\n", "write scanner.layout");
        row("layout without device", "layout = \"us\"\n", "write scanner.device");
        row("speed without device", "baud = 9600\n", "write scanner.device");
        row("speed of a keyboard", "device = \"/dev/input/event3\"\nlayout = \"us\"\nbaud = 19200\n",
            "leave one of them");
        row("speed that none has", "device = \"/dev/ttyS0\"\nbaud = 9601\n", "38400");
        row("blank layout", "device = \"/dev/ttyS0\"\nlayout = \" \"\n", "scanner.layout");
        row("unknown kind", "patterns = { serail = 'x' }\n", "Did you mean \"scanner.patterns.serial\"?");
        row("no regular expression", "prefix = '~'\npatterns = { batch = 'WO-[0-9' }\n",
            "s.toml:4: scanner.patterns.batch is not a valid regular expression: \"[0-9\" lacks its closing ]");
        row("too long a pattern",
            qPrintable(QStringLiteral("patterns = { slot = '%1' }\n").arg(QString(257, QLatin1Char('a')))),
            "scanner.patterns.slot is longer than 256 characters");
        row("fits nothing", "patterns = { operator = '^$' }\n", "scanner.patterns.operator fits no");
        row("empty pattern", "patterns = { serial = '' }\n", "s.toml:3: scanner.patterns.serial");
        row("no text", "patterns = { serial = 7 }\n", "s.toml:3: scanner.patterns.serial");
        row("no table", "patterns = 'GX'\n", "s.toml:3: scanner.patterns");
        row("near key", "sufix = \"none\"\n", "Did you mean \"scanner.suffix\"?");
    }
    void refusals()
    {
        QFETCH(const QString, keys);
        QFETCH(const QString, part);
        const auto config = parse(keys);
        QVERIFY(!config.ok());
        QCOMPARE(config.error().code, StationCode::ConfigurationInvalid);
        QVERIFY2(QString::fromStdString(config.error().what).contains(part), config.error().what.c_str());
    }
};

QTEST_GUILESS_MAIN(TestScannerSection)
#include "tst_scanner_section.moc"

#include "core/base/station_code.h"
#include "core/config/slot_range.h"
#include "core/config/station_config.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>

using namespace enroll;
using namespace enroll::config;

namespace {

const std::string kSchema = "schema = 1\n";

void write(const std::filesystem::path& file, const std::string& text)
{
    std::ofstream{file} << text;
}

/// An empty /etc/enroll-station.
struct System {
    QTemporaryDir directory;
    std::filesystem::path root = directory.path().toStdString();

    [[nodiscard]] Result<StationConfig> load() const
    {
        return loadStationConfig({.file = {}, .dataDirectory = {}, .profile = {}, .systemDirectory = root});
    }
};

std::string sampleText()
{
    QFile sample(QStringLiteral(ENROLL_SOURCE_DIR "/resources/station.toml"));
    if (!sample.open(QIODevice::ReadOnly)) {
        qFatal("cannot read the sample");
    }
    return sample.readAll().toStdString();
}

} // namespace

class tst_station_config : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        qunsetenv("ENROLL_DATA");
        qunsetenv("ENROLL_CONFIG");
    }

    void readsStationSlotsAndDestination()
    {
        const auto config = parseStationConfig(kSchema + "[station]\n"
                                                         "id = \"ST-07\"\n"
                                                         "line = \"Line 3\"\n"
                                                         "data_dir = \"data\"\n"
                                                         "[[slot]]\n"
                                                         "number = 2\n"
                                                         "device = \"tcp://127.0.0.1:2322\"\n"
                                                         "[[slot]]\n"
                                                         "number = 1\n"
                                                         "device = \"dev:///dev/tpmrm0\"\n"
                                                         "[[destination]]\n"
                                                         "name = \"cloud\"\n"
                                                         "kind = \"dps\"\n"
                                                         "connection_string_file = \"cs\"\n"
                                                         "ca_file = \"/etc/ca.pem\"\n",
                                               "/srv/line/station.toml");
        QVERIFY2(config.ok(), config.ok() ? "" : config.error().what.c_str());
        QCOMPARE(config->stationId.text(), std::string{"ST-07"});
        QCOMPARE(config->dataDirectory.string(), std::string{"/srv/line/data"});
        QCOMPARE(config->slots.size(), std::size_t{2});
        QCOMPARE(config->slots.front().number, 1);
        QVERIFY(
            (config->destinations.front() == DestinationConfig{enrollment::DestinationName{"cloud"},
                                                               DpsSettings{"/srv/line/cs", "/etc/ca.pem"},
                                                               {{"name", "/srv/line/station.toml:13"},
                                                                {"kind", "/srv/line/station.toml:14"},
                                                                {"connection_string_file", "/srv/line/station.toml:15"},
                                                                {"ca_file", "/srv/line/station.toml:16"}}}));
        QCOMPARE(config->origins.at("station.id"), std::string{"/srv/line/station.toml:3"});
    }

    void theSampleSetsNothingBeyondTheDefaults()
    {
        const auto sample = parseStationConfig(sampleText(), "s.toml");
        QVERIFY2(sample.ok(), sample.ok() ? "" : sample.error().what.c_str());
        const auto bare = parseStationConfig(kSchema, "s.toml").value();
        QCOMPARE(sample->origins, bare.origins);
        QVERIFY(sample->slots.empty() && sample->destinations.empty());
    }

    void theSampleShowsEveryKeyAndItsDefault()
    {
        static const QRegularExpression key(QStringLiteral("^#?(\\[*)(\\w+)(\\]*| = .*)$"));
        std::string text;
        std::vector<std::string> shown;
        QString section;
        for (const auto& line : QString::fromStdString(sampleText()).split(QLatin1Char('\n'))) {
            if (const auto found = key.match(line); found.hasMatch()) {
                const auto name = found.captured(2);
                const bool opens = !found.captured(1).isEmpty();
                if (opens) {
                    section = name + QLatin1Char('.');
                } else if (const auto full = QString(section + name).toStdString();
                           std::ranges::find(shown, full) == shown.end()) {
                    shown.push_back(full); // name and kind stand in the section of each kind of destination
                }
                text += line.mid(line.startsWith(QLatin1Char('#')) ? 1 : 0).toStdString() + "\n";
            }
        }
        QCOMPARE(shown, stationConfigKeys());

        const auto whole = parseStationConfig(text, "/etc/enroll-station/station.toml");
        QVERIFY2(whole.ok(), whole.ok() ? "" : whole.error().what.c_str());
        const auto bare = parseStationConfig(kSchema, "s.toml").value();
        QCOMPARE(whole->stationId.text(), bare.stationId.text());
        QVERIFY(!whole->site.empty() && !whole->line.empty()); // no text is their default, and none can be written
        QCOMPARE(whole->viewingDistanceMetres, bare.viewingDistanceMetres);
        QCOMPARE(whole->profile.string(), bare.profile.string());
        QVERIFY(!whole->destinations.empty());
        QCOMPARE(std::get<DpsSettings>(whole->destinations.front().settings).maxOperationsPerMinute,
                 DpsSettings{}.maxOperationsPerMinute);
    }

    void whatGoesTooDeepIsRefused_data()
    {
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, const std::string& text) {
            QTest::newRow(name) << QString::fromStdString(text);
        };
        const auto key = [](int tables, const char* next) {
            std::string name = "a";
            for (int i = 1; i < tables; ++i) {
                name += next;
            }
            return name;
        };
        row("table", "[" + key(19000, ".a") + "]\n");
        row("table with spaces", "[" + key(66, " .\ta") + "]\n");
        row("list of tables", "[[" + key(66, ".a") + "]]\n");
        row("key", key(19000, ".a") + " = 1\n");
        row("names in quotes", key(19000, ".\"a\"") + " = 1\n");
        row("behind texts",
            "b = {c = \"\"\"x\"\"\"\"\", d = 'e\"', f = \"g\\\"\", h = '''i''''', " + key(19000, ".a") + " = 1}\n");
        row("inline tables", "b = " + std::string(17, '{') + "\n");
        row("lists", "b = " + std::string(19000, '[') + "\n");
    }
    void whatGoesTooDeepIsRefused()
    {
        QFETCH(QString, text);
        const auto config = parseStationConfig(kSchema + text.toStdString(), "s.toml");
        QVERIFY(!config.ok());
        QCOMPARE(config.error().code, StationCode::ConfigurationInvalid);
        QVERIFY2(config.error().what.starts_with("s.toml:2: tables or lists go too deep"), config.error().what.c_str());
    }

    void dotsInTextsAndCommentsAreNotCounted()
    {
        const std::string dots(100, '.');
        const auto config = parseStationConfig(kSchema + "# " + dots + "\n[station]\nsite = \"" + dots +
                                                   "\"\nline = '''" + dots + "''' # " + dots + "\n",
                                               "s.toml");
        QVERIFY2(config.ok(), config.ok() ? "" : config.error().what.c_str());
        QCOMPARE(config->site, dots);
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("part");
        const auto row = [](const char* name, const char* text, const char* part) {
            QTest::newRow(name) << QString::fromStdString(kSchema + text) << QString::fromUtf8(part);
        };
        row("near key", "[sttaion]\n", "Did you mean \"station\"?");
        QTest::newRow("newer schema with a newer key")
            << QStringLiteral("schema = 2\n[new]\n") << QStringLiteral("schema must be 1");
        row("reserved destination", "[[destination]]\nname=\"default\"\nkind=\"dps\"\nconnection_string_file=\"cs\"\n",
            "without a configured destination");
        QTest::newRow("destination with a name of 65 characters")
            << QString::fromStdString(kSchema + "[[destination]]\nname=\"" + std::string(65, 'n') +
                                      "\"\nkind=\"dps\"\nconnection_string_file=\"cs\"\n")
            << QStringLiteral("destination.name must have 1 to 64 characters");
        row("destination that clears the screen",
            "[[destination]]\nname=\"a\\u001B[2J\"\nconnection_string_file=\"cs\"\n",
            "s.toml:3: destination.name is \"a\uFFFD[2J\", with a line end, a control character");
        row("station of two lines", "[station]\nid=\"a\\nb\"\n", "s.toml:3: station.id is \"a\uFFFDb\"");
        row("line that turns the writing direction", "[station]\nline=\"a\\u202Eb\"\n",
            "s.toml:3: station.line is \"a\uFFFDb\"");
        row("file with a control character", "[[destination]]\nname=\"a\"\nconnection_string_file=\"c\\u009Bs\"\n",
            "s.toml:4: destination.connection_string_file is \"c\uFFFDs\"");
        row("slot twice", "[[slot]]\nnumber=1\ndevice=\"tcp://h:1\"\n[[slot]]\nnumber=1\ndevice=\"tcp://h:2\"\n",
            "twice");
        row("device twice", "[[slot]]\nnumber=1\ndevice=\"tcp://h:1\"\n[[slot]]\nnumber=3\ndevice=\"tcp://h:1\"\n",
            "s.toml:7: slot.device is tcp://h:1, which slot 1 has too (s.toml:4): give slot 3 a device of its own");
        row("slot zero", "[[slot]]\nnumber=0\ndevice=\"tcp://h:1\"\n", "from 1 to 32");
        row("slot beyond the last", "[[slot]]\nnumber=33\ndevice=\"tcp://h:1\"\n", "from 1 to 32");
        row("slot without device", "[[slot]]\nnumber=1\n", "slot.device is missing");
        row("slot without number", "[[slot]]\ndevice=\"tcp://h:1\"\n", "slot.number is missing");
        row("odd speed of a line", "[[slot]]\nnumber=1\ndevice=\"serial:///dev/ttyACM0?baud=1\"\n", "baud rate '1'");
        row("bad address", "[[slot]]\nnumber=1\ndevice=\"tcp://h:99999\"\n", "slot.device cannot be used");
        row("discovery later", "[[slot]]\nnumber=1\ndiscover=\"gw-7\"\n", "not supported by this version");
        row("no USB port", "[[slot]]\nnumber=1\nusb_port=\"usb1\"\n", "slot.usb_port cannot be used");
        row("a port beside a device", "[[slot]]\nnumber=1\ndevice=\"tcp://a:1\"\nusb_port=\"1-1\"\n", "beside device");
        row("two slots at one port",
            "[[slot]]\nnumber=1\nusb_port=\"1-1\"\n[[slot]]\nnumber=2\ndevice=\"usb://1-1?baud=9600\"\n",
            "which slot 1 has too");
        row("slot no list", "[slot]\nnumber=1\n", "must be a list of tables");
        row("no connection string", "[[destination]]\nname=\"c\"\nkind=\"dps\"\n", "connection_string_file is missing");
        row("kind", "[[destination]]\nname=\"c\"\nkind=\"dpps\"\n", "Did you mean \"dps\"?");
        row("kind that nothing sends to",
            "[station]\nid=\"A\"\n[[destination]]\nname=\"c\"\nkind=\"postgres\"\nconninfo=\"x\"\n",
            "s.toml:6: destination.kind is \"postgres\", which is not supported by this version: remove it");
        row("another kind that nothing sends to", "[[destination]]\nname=\"c\"\ndirectory=\"x\"\nkind=\"file\"\n",
            "s.toml:5: destination.kind is \"file\", which is not supported by this version: remove it");
        row("key of another kind", "[[destination]]\nname=\"c\"\nkind=\"dps\"\nconninfo=\"x\"\n",
            "s.toml:5: destination.conninfo is not supported by this version: remove it, or install");
        row("another start", "[station]\nstart = \"scanned\"\n", "\"key\", \"scan\", \"present\"");
        for (const auto* key : {"dps_endpoint"}) {
            const auto part = "s.toml:3: station." + std::string{key} + " is not supported by this version: remove it";
            const auto text = "[station]\n" + std::string{key} + " = \"x\"\n";
            row(key, text.c_str(), part.c_str());
        }
        row("a batch is required and none can be scanned",
            "[station]\nid = \"A\"\nrequire_batch = true\n[scanner]\npatterns = { serial = \"^GX$\" }\n",
            "s.toml:4: station.require_batch is true, and scanner.patterns has no \"batch\"");
        row("a person is required and no badge can be scanned",
            "[station]\nrequire_operator = true\n[scanner]\npatterns = { batch = \"^WO$\" }\n",
            "s.toml:3: station.require_operator is true, and scanner.patterns has no \"operator\"");
        row("somebody has to sign in and no badge can be scanned", "[security]\nrequire_sign_in = true\n",
            "s.toml:3: security.require_sign_in is true, and scanner.patterns has no \"operator\"");
        row("it locks and no badge can be scanned", "[security]\nlock_after_minutes = 5\n",
            "s.toml:3: security.lock_after_minutes is 5, and scanner.patterns has no \"operator\"");
        row("it would lock tomorrow", "[security]\nlock_after_minutes = 481\n", "from 0 to 480");
        row("it would have locked before", "[security]\nlock_after_minutes = -1\n", "from 0 to 480");
        row("security misspelt", "[security]\nrequire_signin = true\n", "Did you mean \"security.require_sign_in\"?");
        row("require_sign_in that is a text", "[security]\nrequire_sign_in = \"yes\"\n",
            "security.require_sign_in must be");
        row("require_batch that is a number", "[station]\nrequire_batch = 1\n", "station.require_batch must be");
        row("pairing by no rule", "[station]\npairing = \"by-hand\"\n",
            "s.toml:3: station.pairing is \"by-hand\"; allowed are \"next-slot\"");
        row("pairing misspelt", "[station]\npairing = \"next_slot\"\n", "Did you mean \"next-slot\"?");
        row("pairing that is a number", "[station]\npairing = 1\n", "station.pairing must be a text");
        for (const auto* section : {"journal", "service"}) {
            const auto part = "s.toml:2: " + std::string{section} + " is not supported by this version: remove it";
            row(section, ("[" + std::string{section} + "]\n").c_str(), part.c_str());
        }
        row("key of a later version", "[[destination]]\nname=\"c\"\nproxy=\"x\"\n", "not supported by this version");
        row("kind that is a number", "[[destination]]\nname=\"c\"\nkind=1\n", "destination.kind must be a text");
        row("rate", "[[destination]]\nname=\"c\"\nconnection_string_file=\"x\"\nmax_operations_per_minute=1001\n",
            "1 to 1000");
        row("distance", "[station]\nviewing_distance_m = 50\n", "from 0.3 to 5");
        row("volume", "[sounds]\nvolume = 101\n", "from 0 to 100");
        row("distance that is no number", "[station]\nviewing_distance_m = nan\n", "from 0.3 to 5");
        row("locale that is a sentence", "[station]\nlocale = \"German, please\"\n", "the name of a language");
        row("empty locale", "[station]\nlocale = \"\"\n", "the name of a language");
        row("directory with a NUL", "[station]\ndata_dir = \"/srv/a\\u0000b\"\n",
            "s.toml:3: station.data_dir is \"/srv/a\xEF\xBF\xBD"
            "b\", with a line end, a control character");
        row("profile with a NUL", "[station]\nprofile = \"a\\u0000/b.toml\"\n",
            "station.profile is \"a\xEF\xBF\xBD/b.toml\", with");
        row("file with a line feed", "[[destination]]\nname=\"c\"\nkind=\"dps\"\nconnection_string_file=\"a\\nb\"\n",
            "s.toml:5: destination.connection_string_file is \"a\xEF\xBF\xBD"
            "b\", with");
        row("empty data directory", "[station]\ndata_dir = \"\"\n", "s.toml:3: station.data_dir is empty: name a path");
        row("empty id", "[station]\nid = \"\"\n", "1 to 64 characters");
        row("letter outside ASCII where a value begins", "[station]\nid = \xCE\xA6\n", "s.toml:3:");
        row("letter outside ASCII where a key begins", "[station]\n\xC3\xB6l = 1\n", "s.toml:3:");
        row("letter outside ASCII behind a folded line", "[station]\nid = \"\"\"\\\n\xC2\xA7\"\"\"\nx = 1\n",
            "station.x");
    }

    void refusals()
    {
        QFETCH(QString, text);
        QFETCH(QString, part);
        const auto config = parseStationConfig(text.toStdString(), "s.toml");
        QVERIFY(!config.ok());
        QCOMPARE(config.error().code, StationCode::ConfigurationInvalid);
        const auto what = QString::fromStdString(config.error().what);
        QVERIFY2(what.contains(part), qPrintable(what));
    }

    void noTextMayBeBlank_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("key");
        const auto row = [](const std::string& section, const std::string& key, const std::string& others = {}) {
            QTest::newRow(key.c_str()) << QString::fromStdString(kSchema + section + "\n" + key + " = \"VALUE\"\n" +
                                                                 others)
                                       << QString::fromStdString(section.substr(section.rfind('[') + 1));
        };
        for (const auto* key : {"id", "site", "line", "data_dir", "locale", "profile", "pairing"}) {
            row("[station]", key);
        }
        row("[[slot]]", "device", "number = 1\n");
        row("[[destination]]", "name", "connection_string_file = \"x\"\n");
        row("[[destination]]", "kind", "name = \"c\"\nconnection_string_file = \"x\"\n");
        row("[[destination]]", "connection_string_file", "name = \"c\"\n");
        row("[[destination]]", "ca_file", "name = \"c\"\nconnection_string_file = \"x\"\n");
    }
    void noTextMayBeBlank()
    {
        QFETCH(QString, text);
        QFETCH(QString, key);
        const auto place = QStringLiteral("s.toml:3: %1.%2")
                               .arg(key.remove(QLatin1Char(']')), QString::fromUtf8(QTest::currentDataTag()));
        for (const auto* value : {"", "   ", "\u00A0"}) {
            auto file = text;
            file.replace(QStringLiteral("VALUE"), QString::fromUtf8(value));
            const auto config = parseStationConfig(file.toStdString(), "s.toml");
            QVERIFY(!config.ok());
            QCOMPARE(config.error().code, StationCode::ConfigurationInvalid);
            const auto what = QString::fromStdString(config.error().what);
            QVERIFY2(what.startsWith(place), qPrintable(what));
            QVERIFY2(what.contains(QStringLiteral("write ")) || what.contains(QStringLiteral("name ")) ||
                         what.contains(QStringLiteral("allowed are ")),
                     qPrintable(what));
        }
    }

    void aDirectoryThatCannotBeOneIsRefusedWhereItIsNamed_data()
    {
        QTest::addColumn<std::string>("directory");
        QTest::newRow("device") << std::string{"/dev/null"};
        QTest::newRow("below a device") << std::string{"/dev/null/data"};
        QTest::newRow("file") << std::string{"file"};
        QTest::newRow("link to nothing") << std::string{"link"};
    }
    void aDirectoryThatCannotBeOneIsRefusedWhereItIsNamed()
    {
        QFETCH(std::string, directory);
        const System system;
        const auto file = system.root / "station.toml";
        write(file, kSchema + "[station]\ndata_dir = \"" + directory + "\"\n");
        write(system.root / "file", "x");
        std::filesystem::create_symlink(system.root / "nothing", system.root / "link");

        const auto config = system.load();
        QVERIFY(!config.ok());
        QCOMPARE(config.error().code, StationCode::ConfigurationInvalid);
        const auto place = file.string() + ":3: station.data_dir is \"";
        QVERIFY2(config.error().what.starts_with(place), config.error().what.c_str());

        const ConfigSources named{.file = file, .dataDirectory = "/from-line", .profile = {}, .systemDirectory = {}};
        QVERIFY(loadStationConfig(named).ok()); // what the command line overrides is not used

        qputenv("ENROLL_DATA", "/dev/null");
        const auto fromEnvironment = system.load();
        QVERIFY(fromEnvironment.error().what.starts_with("environment ENROLL_DATA: station.data_dir is \"/dev/null\""));
    }

    void theDataIsInTheHomeDirectoryUnlessAnAbsolutePathIsNamed_data()
    {
        QTest::addColumn<QByteArray>("named");
        QTest::addColumn<std::string>("directory");
        const std::string home{"/home/somebody/.local/share/enroll-station"};
        QTest::newRow("absolute") << QByteArray{"/srv/data"} << std::string{"/srv/data/enroll-station"};
        QTest::newRow("relative") << QByteArray{"data"} << home;
        QTest::newRow("this directory") << QByteArray{"."} << home;
        QTest::newRow("empty") << QByteArray{""} << home;
    }
    void theDataIsInTheHomeDirectoryUnlessAnAbsolutePathIsNamed()
    {
        QFETCH(QByteArray, named);
        QFETCH(std::string, directory);
        const auto home = qgetenv("HOME");
        const auto before = qgetenv("XDG_DATA_HOME");
        qputenv("HOME", "/home/somebody");
        qputenv("XDG_DATA_HOME", named);
        const auto config = parseStationConfig(kSchema, "s.toml");
        qputenv("HOME", "somebody");
        const auto ofNobody = parseStationConfig(kSchema, "s.toml");
        qputenv("HOME", home);
        before.isNull() ? qunsetenv("XDG_DATA_HOME") : qputenv("XDG_DATA_HOME", before);
        QCOMPARE(config->dataDirectory.string(), directory);
        QVERIFY2(ofNobody->dataDirectory.is_absolute(), ofNobody->dataDirectory.c_str());
    }

    void commandLineOutranksEnvironmentOutranksFile()
    {
        const QTemporaryDir directory;
        const auto file = std::filesystem::path{directory.path().toStdString()} / "station.toml";
        write(file, kSchema + "[station]\ndata_dir = \"/from-file\"\n");

        const auto fromFile = loadStationConfig({.file = file, .dataDirectory = {}, .profile = {}});
        QCOMPARE(fromFile->dataDirectory.string(), std::string{"/from-file"});
        QCOMPARE(fromFile->origins.at("station.data_dir"), file.string() + ":3");

        qputenv("ENROLL_DATA", "/from-environment");
        const auto fromEnvironment = loadStationConfig({.file = file, .dataDirectory = {}, .profile = {}});
        QCOMPARE(fromEnvironment->dataDirectory.string(), std::string{"/from-environment"});
        QCOMPARE(fromEnvironment->origins.at("station.data_dir"), std::string{"environment ENROLL_DATA"});

        const auto fromLine = loadStationConfig({.file = file, .dataDirectory = "/from-line", .profile = {}});
        QCOMPARE(fromLine->dataDirectory.string(), std::string{"/from-line"});
        QCOMPARE(fromLine->origins.at("station.data_dir"), std::string{"command line"});
    }

    void missingFileIsAnError()
    {
        const auto config = loadStationConfig({.file = "/nowhere/station.toml", .dataDirectory = {}, .profile = {}});
        QVERIFY(!config.ok());
        QVERIFY(config.error().what.find("/nowhere/station.toml") != std::string::npos);
    }

    void shippedProfileNameStaysAName()
    {
        const auto config = parseStationConfig(kSchema + "[station]\nprofile = \"demo\"\n", "/x/s.toml");
        QVERIFY(config.ok());
        QCOMPARE(config->profile.string(), std::string{"demo"});
        const auto file = parseStationConfig(kSchema + "[station]\nprofile = \"p/a.profile.toml\"\n", "/x/s.toml");
        QCOMPARE(file->profile.string(), std::string{"/x/p/a.profile.toml"});
    }

    void everyOtherProfileIsAFileBesideTheConfiguration_data()
    {
        QTest::addColumn<std::string>("given");
        QTest::addColumn<std::string>("file");
        QTest::newRow("suffix alone") << std::string{"a.profile.toml"} << std::string{"/x/a.profile.toml"};
        QTest::newRow("slash and suffix") << std::string{"p/a.toml"} << std::string{"/x/p/a.toml"};
        QTest::newRow("slash alone") << std::string{"profiles/gx"} << std::string{"/x/profiles/gx"};
        QTest::newRow("absolute") << std::string{"/srv/gx"} << std::string{"/srv/gx"};
    }
    void everyOtherProfileIsAFileBesideTheConfiguration()
    {
        QFETCH(std::string, given);
        QFETCH(std::string, file);
        const auto config = parseStationConfig(kSchema + "[station]\nprofile = \"" + given + "\"\n", "/x/s.toml");
        QVERIFY(config.ok());
        QCOMPARE(config->profile.string(), file);
    }

    void readsTheFilesOfTheSystemInOrder()
    {
        const System system;
        write(system.root / "station.toml", kSchema + "[station]\nid = \"A\"\nline = \"1\"\n");
        std::filesystem::create_directory(system.root / "conf.d");
        write(system.root / "conf.d/20.toml", kSchema + "[station]\nid = \"C\"\n");
        write(system.root / "conf.d/10.toml", kSchema + "[station]\nid = \"B\"\n");
        write(system.root / "conf.d/30.toml~", "no TOML");
        const auto config = system.load();
        QVERIFY2(config.ok(), config.ok() ? "" : config.error().what.c_str());
        QCOMPARE(config->stationId.text(), std::string{"C"});
        QCOMPARE(config->line, std::string{"1"});
    }

    void aSystemWithoutFilesHasTheDefaults()
    {
        QVERIFY(System{}.load().ok());
        System nowhere;
        nowhere.root /= "nowhere";
        QVERIFY(nowhere.load().ok());
    }

    void configurationThatCannotBeReadIsNotSkipped_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("name");
        QTest::newRow("a file in place of the directory") << QStringLiteral("file") << QStringLiteral("conf.d");
        QTest::newRow("a directory that links to nothing") << QStringLiteral("dangling") << QStringLiteral("conf.d");
        QTest::newRow("a file that links to nothing") << QStringLiteral("dangling") << QStringLiteral("station.toml");
        QTest::newRow("a directory that links to itself") << QStringLiteral("loop") << QStringLiteral("conf.d");
        QTest::newRow("a file that links to itself") << QStringLiteral("loop") << QStringLiteral("station.toml");
    }
    void configurationThatCannotBeReadIsNotSkipped()
    {
        QFETCH(QString, kind);
        QFETCH(QString, name);
        const System system;
        const auto path = system.root / name.toStdString();
        if (kind == QStringLiteral("file")) {
            write(path, "x");
        } else {
            std::filesystem::create_symlink(kind == QStringLiteral("loop") ? path : system.root / "nothing", path);
        }
        const auto config = system.load();
        QVERIFY(!config.ok());
        QCOMPARE(config.error().code, StationCode::ConfigurationInvalid);
        QVERIFY2(config.error().what.find(path.string()) != std::string::npos, config.error().what.c_str());
    }
};

QTEST_GUILESS_MAIN(tst_station_config)
#include "tst_station_config.moc"

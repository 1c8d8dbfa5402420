#include "app/enrollctl/program.h"
#include "tests/support/played_agent.h"
#include "tests/support/swtpm_fixture.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <sstream>
#include <stop_token>

using namespace enroll;
using namespace enroll::app::enrollctl;

namespace {

/// Takes what the program tells of its progress, and asks for a stop as soon as it names one word.
class StopAtWord final : public std::stringbuf {
public:
    explicit StopAtWord(std::string word) : m_word(std::move(word)) {}
    [[nodiscard]] const std::stop_source& stop() const noexcept { return m_stop; }

private:
    std::streamsize xsputn(const char* text, std::streamsize size) override
    {
        const auto taken = std::stringbuf::xsputn(text, size);
        if (!m_word.empty() && str().find(m_word) != std::string::npos) {
            m_stop.request_stop();
        }
        return taken;
    }

    std::string m_word;
    std::stop_source m_stop;
};

test::SwtpmFixture& device()
{
    static test::SwtpmFixture tpm; // made once: manufacturing takes longer than the tests that use it
    return tpm;
}

} // namespace

/// What becomes of a run when a stop is asked while it goes on.
class TestCommandEnroll : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_directory.reset(); }

    void aStopBetweenTwoStepsAbortsTheRun_data();
    void aStopBetweenTwoStepsAbortsTheRun();
    void aStopAfterTheVerdictTakesNoVerdictBack();
    void withoutTheBatchThatIsRequiredNothingIsTested();
    void onlyASlotOfThisDeviceIsRecorded_data();
    void onlyASlotOfThisDeviceIsRecorded();
    void aDeviceThatDoesNotSayItsSerialIsHeld_data();
    void aDeviceThatDoesNotSayItsSerialIsHeld();

private:
    struct Run {
        ExitCode exitCode;
        bool stopped;
        QJsonObject document;
        std::string errors;
    };
    static Run run(std::vector<std::string> arguments, const std::string& stopAt);
    static Run enroll(const std::string& stopAt)
    {
        return run({"enroll", "--json", "--device", device().address(), "--serial", "GX-000183"}, stopAt);
    }
    static QJsonArray runsInTheJournal()
    {
        return run({"runs", "list", "--json"}, {}).document.value(QStringLiteral("runs")).toArray();
    }

    std::unique_ptr<QTemporaryDir> m_directory;
};

void TestCommandEnroll::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    qputenv("ENROLL_DATA", m_directory->filePath(QStringLiteral("data")).toUtf8());
    QFile configuration{m_directory->filePath(QStringLiteral("station.toml"))};
    QVERIFY(configuration.open(QIODevice::WriteOnly));
    configuration.write("schema = 1\n[station]\nid = \"T\"\nprofile = \"demo\"\n");
    configuration.close();
    qputenv("ENROLL_CONFIG", configuration.fileName().toUtf8());
    qputenv("ENROLL_PROFILES", ENROLL_SOURCE_DIR "/resources/profiles");
    for (const auto& certificate : device().caCertificates()) {
        QCOMPARE(run({"trust", "import", "--set", "demo", certificate.string()}, {}).exitCode, ExitCode::Done);
    }
}

TestCommandEnroll::Run TestCommandEnroll::run(std::vector<std::string> arguments, const std::string& stopAt)
{
    StopAtWord progress{stopAt};
    std::ostream errors{&progress};
    std::ostringstream out;
    Output output{out, errors};
    const auto code = runProgram(arguments, output, Colour::Plain, progress.stop().get_token());
    return {code, progress.stop().stop_requested(),
            QJsonDocument::fromJson(QByteArray::fromStdString(out.str())).object(), progress.str()};
}

void TestCommandEnroll::aStopBetweenTwoStepsAbortsTheRun_data()
{
    QTest::addColumn<QString>("step");
    for (const auto* step : {"connect", "identify-tpm", "provision-storage-root-key", "test-attestation"}) {
        QTest::newRow(step) << QString::fromLatin1(step);
    }
}

void TestCommandEnroll::aStopBetweenTwoStepsAbortsTheRun()
{
    QFETCH(QString, step);
    const auto stopped = enroll(step.toStdString());
    QVERIFY(stopped.stopped);
    QCOMPARE(stopped.exitCode, ExitCode::Interrupted);
    QCOMPARE(stopped.document.value(QStringLiteral("outcome")).toString(), QStringLiteral("aborted"));
    QCOMPARE(stopped.document.value(QStringLiteral("code")).toString(), QStringLiteral("D-141"));
    QCOMPARE(runsInTheJournal().size(), 1);
    QCOMPARE(device().loadedHandles(), std::string{});
}

void TestCommandEnroll::aStopAfterTheVerdictTakesNoVerdictBack()
{
    const auto passed = enroll("check-policy");
    QVERIFY(passed.stopped);
    QCOMPARE(passed.document.value(QStringLiteral("outcome")).toString(), QStringLiteral("pass"));
    QCOMPARE(passed.exitCode, ExitCode::Done);
    const auto runs = runsInTheJournal();
    QCOMPARE(runs.size(), 1);
    QCOMPARE(runs.at(0).toObject().value(QStringLiteral("outcome")).toString(), QStringLiteral("pass"));
}

void TestCommandEnroll::withoutTheBatchThatIsRequiredNothingIsTested()
{
    QFile configuration{m_directory->filePath(QStringLiteral("station.toml"))};
    QVERIFY(configuration.open(QIODevice::Append));
    configuration.write("require_batch = true\n[scanner]\npatterns = { batch = \"^WO-[0-9]{4}$\" }\n");
    configuration.close();
    QCOMPARE(enroll({}).exitCode, ExitCode::Usage);
    QCOMPARE(runsInTheJournal().size(), 0);
    const auto done =
        run({"enroll", "--json", "--device", device().address(), "--serial", "GX-000183", "--batch", "WO-4711"}, {});
    QCOMPARE(done.exitCode, ExitCode::Done);
    QCOMPARE(done.document.value(QStringLiteral("batch")).toString(), QStringLiteral("WO-4711"));
}

void TestCommandEnroll::onlyASlotOfThisDeviceIsRecorded_data()
{
    using Slots = std::vector<std::pair<int, std::string>>;
    QTest::addColumn<Slots>("slots");
    QTest::addColumn<int>("slot");
    QTest::addColumn<QStringList>("said"); // none where it is recorded
    const auto here = device().address();
    const std::string elsewhere = "tcp://127.0.0.1:1";
    QTest::newRow("its own") << Slots{{1, elsewhere}, {2, here}} << 2 << QStringList{};
    QTest::newRow("at another address for once") << Slots{{1, elsewhere}} << 1 << QStringList{};
    QTest::newRow("no slots are configured") << Slots{} << 7 << QStringList{};
    QTest::newRow("none of the configured")
        << Slots{{1, elsewhere}, {2, here}} << 7
        << QStringList{QStringLiteral("--slot 7: "), QStringLiteral("station.toml has this number"),
                       QStringLiteral("configured: 1 (tcp://127.0.0.1:1), 2 (%1)").arg(QString::fromStdString(here))};
    QTest::newRow("another's device") << Slots{{1, elsewhere}, {2, here}} << 1
                                      << QStringList{QStringLiteral("--slot 1: --device is that of slot 2"),
                                                     QStringLiteral("station.toml:"), QStringLiteral("give --slot 2")};
}

void TestCommandEnroll::onlyASlotOfThisDeviceIsRecorded()
{
    using Slots = std::vector<std::pair<int, std::string>>;
    QFETCH(const Slots, slots);
    QFETCH(const int, slot);
    QFETCH(const QStringList, said);
    QFile configuration{m_directory->filePath(QStringLiteral("station.toml"))};
    QVERIFY(configuration.open(QIODevice::Append));
    for (const auto& [number, address] : slots) {
        configuration.write("[[slot]]\nnumber = " + QByteArray::number(number) + "\ndevice = \"" +
                            QByteArray::fromStdString(address) + "\"\n");
    }
    configuration.close();
    const auto done = run(
        {"enroll", "--json", "--device", device().address(), "--serial", "GX-000183", "--slot", std::to_string(slot)},
        {});
    QCOMPARE(done.exitCode, said.isEmpty() ? ExitCode::Done : ExitCode::Usage);
    QCOMPARE(runsInTheJournal().size(), said.isEmpty() ? 1 : 0);
    if (said.isEmpty()) {
        QCOMPARE(done.document.value(QStringLiteral("slot")).toInt(), slot);
    }
    for (const auto& words : said) {
        QVERIFY2(done.errors.find(words.toStdString()) != std::string::npos, done.errors.c_str());
    }
}

void TestCommandEnroll::aDeviceThatDoesNotSayItsSerialIsHeld_data()
{
    QTest::addColumn<QStringList>("said");
    QTest::addColumn<QString>("code");
    QTest::newRow("its own") << QStringList{QStringLiteral("GX-000183")} << QString{};
    QTest::newRow("another") << QStringList{QStringLiteral("GX-000184")} << QStringLiteral("D-145");
    QTest::newRow("none") << QStringList{QString{}} << QStringLiteral("D-146");
    QTest::newRow("no agent") << QStringList{} << QStringLiteral("D-146");
    QTest::newRow("no serial number") << QStringList{QStringLiteral("\u00fc")} << QStringLiteral("D-147");
    QTest::newRow("another at the end") << QStringList{QStringLiteral("GX-000183"), QStringLiteral("GX-000184")}
                                        << QStringLiteral("D-148");
}

void TestCommandEnroll::aDeviceThatDoesNotSayItsSerialIsHeld()
{
    QFETCH(const QStringList, said);
    QFETCH(const QString, code);
    QFile configuration{m_directory->filePath(QStringLiteral("station.toml"))};
    QVERIFY(configuration.open(QIODevice::Append));
    configuration.write("pairing = \"device-serial\"\n");
    configuration.close();
    std::vector<std::string> serials;
    for (const auto& serial : said) {
        serials.push_back(serial.toStdString());
    }
    const test::TpmRelay relay(device().address(), serials.empty() ? test::RelayBehaviour{} : test::saying(serials));
    const auto done = run({"enroll", "--json", "--device", relay.address(), "--serial", "GX-000183"}, {});
    QCOMPARE(done.document.value(QStringLiteral("outcome")).toString(),
             code.isEmpty() ? QStringLiteral("pass") : QStringLiteral("hold"));
    QCOMPARE(done.document.value(QStringLiteral("code")).toString(), code);
    QCOMPARE(done.exitCode == ExitCode::Done, code.isEmpty());
    QCOMPARE(device().loadedHandles(), std::string{});
}

QTEST_GUILESS_MAIN(TestCommandEnroll)
#include "tst_command_enroll.moc"

#include "tests/app/enrollctl/enrollctl_process.h"
#include "tests/support/swtpm_fixture.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

using namespace enroll::test;

/// `ek`, `attest` and `enroll` as processes against software TPMs.
class TestEnrollctlDevice : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();

    void ekEqualsWhatTpm2ToolsRead();
    void ekLeavesNothingLoaded();
    void ekShowsAnOddKeyBesideTheOthers();
    void ekTellsWhoWouldAcceptTheChip();
    void attestPassesATrustedDevice();
    void attestRecordsNothing();
    void attestShowsOutcomeAndNextStepToPeople();
    void productionProfileRefusesASoftwareTpm();
    void productionProfileDoesNotTrustTheAuthorityOfDemonstrations();
    void aDeviceOfSomebodyElseIsOnHold();
    void whereNobodyIsTrustedNoDeviceIsOpened();
    void enrollsTheKeyThatTheProfileChooses_data();
    void enrollsTheKeyThatTheProfileChooses();
    void enrollPassesAndQueuesTheRecord();
    void enrollingTheSameDeviceAgainIsARetest();
    void theSameTpmUnderAnotherSerialIsOnHold();
    void theSameSerialWithAnotherTpmIsOnHold();
    void nobodyAtTheAddressIsAFailure();
    void aTpmThatStaysSilentEndsWithItsDeadline();
    void interruptedRunIsRecordedAsAborted_data();
    void interruptedRunIsRecordedAsAborted();
    void aReaderThatGoesAwayDoesNotEndTheRun();
    void brokenTrustIsRefusedBeforeTheDeviceIsOpened();

private:
    [[nodiscard]] CtlRun attest(const SwtpmFixture& tpm) const;
    [[nodiscard]] CtlRun enroll(const SwtpmFixture& tpm, const QString& serial) const;

    std::unique_ptr<EnrollctlProcess> m_ctl;
};

namespace {

/// Made once: manufacturing takes longer than every test that uses them.
SwtpmFixture& firstTpm()
{
    static SwtpmFixture tpm;
    return tpm;
}

SwtpmFixture& secondTpm()
{
    static SwtpmFixture tpm;
    return tpm;
}

QString addressOf(const SwtpmFixture& tpm)
{
    return QString::fromStdString(tpm.address());
}

/// Sends a command to the TPM and returns its response, in hexadecimal digits.
QByteArray exchanged(const SwtpmFixture& tpm, const char* command)
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, tpm.port());
    socket.write(QByteArray::fromHex(command));
    QByteArray response;
    while (response.size() < 10 && socket.waitForReadyRead(30'000)) {
        response += socket.readAll();
    }
    return response.toHex();
}

/// Makes a storage key on the curve BN-256, which tpm2-tools have no word for, and keeps it at 0x81010020.
bool keepsBn256Key(const SwtpmFixture& tpm)
{
    const auto made = exchanged(tpm, "800200000043000001314000000b00000009400000090000000000000400000000001a"
                                     "0023000b00030072000000060080004300100010001000000000"
                                     "000000000000");
    const auto kept = exchanged(tpm, "8002000000230000012040000001800000000000000940000009000000000081010020");
    const auto flushed = exchanged(tpm, "80010000000e0000016580000000");
    const QByteArray done{"00000000"};
    return made.mid(12, 8) == done && kept.mid(12, 8) == done && flushed.mid(12, 8) == done;
}

/// A listener that takes connections and never says a word.
QString silentAddress(QTcpServer& server)
{
    server.listen(QHostAddress::LocalHost);
    return QStringLiteral("tcp://127.0.0.1:%1").arg(server.serverPort());
}

} // namespace

void TestEnrollctlDevice::init()
{
    m_ctl = std::make_unique<EnrollctlProcess>();
}

CtlRun TestEnrollctlDevice::attest(const SwtpmFixture& tpm) const
{
    return m_ctl->run({QStringLiteral("attest"), QStringLiteral("--device"), addressOf(tpm), QStringLiteral("--json")});
}

CtlRun TestEnrollctlDevice::enroll(const SwtpmFixture& tpm, const QString& serial) const
{
    return m_ctl->run({QStringLiteral("enroll"), QStringLiteral("--device"), addressOf(tpm), QStringLiteral("--serial"),
                       serial, QStringLiteral("--json")});
}

void TestEnrollctlDevice::ekEqualsWhatTpm2ToolsRead()
{
    const auto& tpm = firstTpm();
    const auto run =
        m_ctl->run({QStringLiteral("--json"), QStringLiteral("ek"), QStringLiteral("--device"), addressOf(tpm)});
    QCOMPARE(run.exitCode, 0);
    QVERIFY(run.isOneDocument());

    QCOMPARE(tpm.tool({"tpm2_readpublic", "-c", "0x81010001", "-f", "tss", "-o", "ek.pub"}).exitCode, 0);
    QFile file{QString::fromStdString((tpm.directory() / "ek.pub").string())};
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(run.text("public").toLatin1(), file.readAll().toBase64());
    QCOMPARE(run.text("registrationId").size(), 52);
    const auto keys = run.document().value(QStringLiteral("endorsementKeys")).toArray();
    QCOMPARE(keys.at(0).toObject().value(QStringLiteral("handle")).toString(), QStringLiteral("0x81010001"));
}

void TestEnrollctlDevice::ekLeavesNothingLoaded()
{
    const auto& tpm = firstTpm();
    const auto persistent = tpm.persistentHandles();
    QCOMPARE(m_ctl->run({QStringLiteral("ek"), QStringLiteral("--device"), addressOf(tpm)}).exitCode, 0);
    QCOMPARE(tpm.loadedHandles(), std::string{});
    QCOMPARE(tpm.persistentHandles(), persistent);
}

void TestEnrollctlDevice::ekShowsAnOddKeyBesideTheOthers()
{
    const SwtpmFixture tpm;
    QVERIFY(keepsBn256Key(tpm));
    const auto run =
        m_ctl->run({QStringLiteral("ek"), QStringLiteral("--device"), addressOf(tpm), QStringLiteral("--json")});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    bool odd = false;
    for (const auto& value : run.document().value(QStringLiteral("endorsementKeys")).toArray()) {
        const auto key = value.toObject();
        const bool isOdd = key.value(QStringLiteral("handle")).toString() == QLatin1String("0x81010020");
        QCOMPARE(key.value(QStringLiteral("fault")).isNull(), !isOdd);
        odd = odd || isOdd;
    }
    QVERIFY(odd);
    QCOMPARE(tpm.loadedHandles(), std::string{});
}

void TestEnrollctlDevice::ekTellsWhoWouldAcceptTheChip()
{
    m_ctl->trust(firstTpm().caCertificates());
    const auto run =
        m_ctl->run({QStringLiteral("ek"), QStringLiteral("--device"), addressOf(firstTpm()), QStringLiteral("--json")});
    QStringList answers;
    for (const auto& value : run.document().value(QStringLiteral("acceptedBy")).toArray()) {
        const auto acceptor = value.toObject();
        answers << acceptor.value(QStringLiteral("who")).toString() + QLatin1Char(' ') +
                       acceptor.value(QStringLiteral("answer")).toString();
    }
    // swtpm_setup made the key at 0x81010001 persistent, and the demonstration profile sets no iot_edge.
    QCOMPARE(answers.join(QLatin1Char(',')),
             QStringLiteral("dps-c-sdk yes,dps-node-sdk yes,dps-csharp-sdk yes,dps-java-sdk yes,iot-edge no,"
                            "ek-certificate yes"));
}

void TestEnrollctlDevice::attestPassesATrustedDevice()
{
    m_ctl->trust(firstTpm().caCertificates());
    const auto run = attest(firstTpm());
    QCOMPARE(run.exitCode, 0);
    QVERIFY(run.isOneDocument());
    QCOMPARE(run.text("schema"), QStringLiteral("enrollment-station/attestation-run/1"));
    QCOMPARE(run.text("outcome"), QStringLiteral("pass"));
    QCOMPARE(firstTpm().loadedHandles(), std::string{});
}

void TestEnrollctlDevice::attestRecordsNothing()
{
    m_ctl->trust(firstTpm().caCertificates());
    const auto run = attest(firstTpm());
    QVERIFY(run.document().value(QStringLiteral("record")).isNull());
    QVERIFY(!QFile::exists(m_ctl->dataDirectory() + QStringLiteral("/journal.sqlite")));
}

void TestEnrollctlDevice::attestShowsOutcomeAndNextStepToPeople()
{
    m_ctl->trustSomebody();
    const auto run = m_ctl->run({QStringLiteral("attest"), QStringLiteral("--device"), addressOf(firstTpm())});
    QCOMPARE(run.exitCode, 11);
    QVERIFY2(run.output.startsWith("HOLD  D-122  The EK certificate has an unknown issuer.\n  HOLD shelf."),
             run.output.constData());
    QVERIFY2(run.errors.contains("verify-ek-certificate"), run.errors.constData());
}

void TestEnrollctlDevice::productionProfileRefusesASoftwareTpm()
{
    m_ctl->trust(firstTpm().caCertificates());
    m_ctl->trustSomebody(QStringLiteral("makers"));
    const auto run = m_ctl->run({QStringLiteral("attest"), QStringLiteral("--device"), addressOf(firstTpm()),
                                 QStringLiteral("--profile"), QStringLiteral("production"), QStringLiteral("--json")});
    QCOMPARE(run.exitCode, 10);
    QVERIFY(run.isOneDocument());
    QCOMPARE(run.text("code"), QStringLiteral("D-126"));
}

void TestEnrollctlDevice::productionProfileDoesNotTrustTheAuthorityOfDemonstrations()
{
    m_ctl->trust(firstTpm().caCertificates()); // as the quickstart does
    m_ctl->trustSomebody(QStringLiteral("makers"));
    const auto pathUnder = [this](const QString& profile) {
        const auto run = m_ctl->run({QStringLiteral("attest"), QStringLiteral("--device"), addressOf(firstTpm()),
                                     QStringLiteral("--profile"), profile, QStringLiteral("--json")});
        const auto key = run.document().value(QStringLiteral("endorsementKey")).toObject();
        return key.value(QStringLiteral("certificate")).toObject().value(QStringLiteral("path")).toString();
    };
    QCOMPARE(pathUnder(QStringLiteral("demo")), QStringLiteral("trusted"));
    QCOMPARE(pathUnder(QStringLiteral("production")), QStringLiteral("unknown-issuer"));
}

void TestEnrollctlDevice::aDeviceOfSomebodyElseIsOnHold()
{
    m_ctl->trustSomebody();
    const auto run = enroll(firstTpm(), QStringLiteral("GX-000001"));
    QCOMPARE(run.exitCode, 11);
    QVERIFY(run.isOneDocument());
    QCOMPARE(run.text("code"), QStringLiteral("D-122"));
    QVERIFY(run.document().value(QStringLiteral("record")).isNull());
}

/// The store is away, or empty: no device is held for that.
void TestEnrollctlDevice::whereNobodyIsTrustedNoDeviceIsOpened()
{
    m_ctl->trust(firstTpm().caCertificates());
    const auto trust = m_ctl->dataDirectory() + QStringLiteral("/trust");
    QVERIFY(QDir{}.rename(trust, trust + QStringLiteral(".away")));
    QTcpServer untouched;
    for (const auto* command : {"attest", "enroll"}) {
        QStringList line{QString::fromLatin1(command), QStringLiteral("--device"), silentAddress(untouched),
                         QStringLiteral("--json")};
        line += line.first() == QLatin1String("enroll")
                    ? QStringList{QStringLiteral("--serial"), QStringLiteral("GX-000001")}
                    : QStringList{};
        const auto run = m_ctl->run(line);
        QCOMPARE(run.exitCode, 2);
        QCOMPARE(run.text("code"), QStringLiteral("S-339"));
        QVERIFY(!untouched.waitForNewConnection(0));
        untouched.close();
    }
    QVERIFY(QDir{}.rename(trust + QStringLiteral(".away"), trust));
    QCOMPARE(enroll(firstTpm(), QStringLiteral("GX-000001")).exitCode, 0);
}

void TestEnrollctlDevice::enrollsTheKeyThatTheProfileChooses_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("algorithm");
    QTest::addColumn<QString>("keyTemplate");
    QTest::addColumn<QString>("certificate"); ///< what the profile requires
    const auto row = [](const char* word, const char* algorithm, const char* keyTemplate, const char* certificate) {
        QTest::newRow(word) << QString::fromUtf8(word) << QString::fromUtf8(algorithm) << QString::fromUtf8(keyTemplate)
                            << QString::fromUtf8(certificate);
    };
    row("tcg-default", "rsa2048", "unknown", "trusted"); // certified at its handle: the maker's word is enough
    row("azure-empty-unique", "rsa2048", "azure-empty-unique", "none");
    row("ecc-p256", "ecc-p256", "tcg-l2", "none");
    row("tcg-h3", "ecc-p384", "tcg-h3", "trusted");
}

void TestEnrollctlDevice::enrollsTheKeyThatTheProfileChooses()
{
    QFETCH(QString, word);
    QFETCH(QString, algorithm);
    QFETCH(QString, keyTemplate);
    QFETCH(QString, certificate);
    m_ctl->trust(firstTpm().caCertificates());
    const auto profile = m_ctl->write(QStringLiteral("chosen.profile.toml"),
                                      QStringLiteral("schema = 1\nname = \"Chosen\"\nversion = \"1\"\n"
                                                     "[endorsement_key]\nenroll = \"%1\"\n"
                                                     "[certificate]\nrequire = \"%2\"\nanchors = [\"demo\"]\n"
                                                     "[tpm]\nallow_software = true\n")
                                          .arg(word, certificate)
                                          .toUtf8());
    const QStringList chosen{QStringLiteral("--device"), addressOf(firstTpm()), QStringLiteral("--profile"), profile,
                             QStringLiteral("--json")};
    const auto run = m_ctl->run(
        QStringList{QStringLiteral("enroll"), QStringLiteral("--serial"), QStringLiteral("GX-000001")} + chosen);
    QVERIFY2(run.exitCode == 0, run.output.constData());
    const auto key = run.document().value(QStringLiteral("endorsementKey")).toObject();
    QCOMPARE(key.value(QStringLiteral("algorithm")).toString(), algorithm);
    QCOMPARE(key.value(QStringLiteral("template")).toString(), keyTemplate);
    QCOMPARE(firstTpm().loadedHandles(), std::string{});

    const auto lens = m_ctl->run(QStringList{QStringLiteral("ek")} + chosen);
    QCOMPARE(lens.text("public"), key.value(QStringLiteral("public")).toString());
    QCOMPARE(lens.text("registrationId"), run.text("registrationId"));
}

void TestEnrollctlDevice::enrollPassesAndQueuesTheRecord()
{
    m_ctl->trust(firstTpm().caCertificates());
    const auto run = m_ctl->run({QStringLiteral("enroll"), QStringLiteral("--device"), addressOf(firstTpm()),
                                 QStringLiteral("--serial"), QStringLiteral("GX-000001"), QStringLiteral("--slot"),
                                 QStringLiteral("3"), QStringLiteral("--batch"), QStringLiteral("B-7"),
                                 QStringLiteral("--operator"), QStringLiteral("kim"), QStringLiteral("--json")});
    QCOMPARE(run.exitCode, 0);
    QVERIFY(run.isOneDocument());
    QCOMPARE(run.text("outcome"), QStringLiteral("pass"));
    QCOMPARE(run.text("stationId"), QStringLiteral("TEST-1"));
    QCOMPARE(run.text("batch"), QStringLiteral("B-7"));
    QCOMPARE(run.text("operator"), QStringLiteral("kim"));
    QCOMPARE(run.document().value(QStringLiteral("slot")).toInt(), 3);
    const auto record = run.document().value(QStringLiteral("record")).toObject();
    QCOMPARE(record.value(QStringLiteral("state")).toString(), QStringLiteral("queued"));
    QCOMPARE(record.value(QStringLiteral("registrationId")).toString(), run.text("registrationId"));
}

void TestEnrollctlDevice::enrollingTheSameDeviceAgainIsARetest()
{
    m_ctl->trust(firstTpm().caCertificates());
    const auto first = enroll(firstTpm(), QStringLiteral("GX-000001"));
    const auto again = enroll(firstTpm(), QStringLiteral("GX-000001"));
    QCOMPARE(first.exitCode, 0);
    QCOMPARE(again.exitCode, 0);
    QCOMPARE(again.text("registrationId"), first.text("registrationId"));
    QVERIFY(again.text("runId") != first.text("runId"));
}

void TestEnrollctlDevice::theSameTpmUnderAnotherSerialIsOnHold()
{
    m_ctl->trust(firstTpm().caCertificates());
    QCOMPARE(enroll(firstTpm(), QStringLiteral("GX-000001")).exitCode, 0);
    const auto run = enroll(firstTpm(), QStringLiteral("GX-000002"));
    QCOMPARE(run.exitCode, 11);
    QVERIFY(run.isOneDocument());
    QCOMPARE(run.text("code"), QStringLiteral("H-201"));
    QVERIFY2(run.text("headline").contains(QStringLiteral("GX-000001")), qPrintable(run.text("headline")));
}

void TestEnrollctlDevice::theSameSerialWithAnotherTpmIsOnHold()
{
    m_ctl->trust(firstTpm().caCertificates());
    QCOMPARE(enroll(firstTpm(), QStringLiteral("GX-000001")).exitCode, 0);
    const auto run = enroll(secondTpm(), QStringLiteral("GX-000001"));
    QCOMPARE(run.exitCode, 11);
    QCOMPARE(run.text("code"), QStringLiteral("H-202"));
    QVERIFY(run.document().value(QStringLiteral("record")).isNull());
}

void TestEnrollctlDevice::nobodyAtTheAddressIsAFailure()
{
    m_ctl->trustSomebody();
    QTcpServer reserved; // holds a port that nobody else is given, then leaves it
    const auto address = silentAddress(reserved);
    reserved.close();
    const auto run = m_ctl->run({QStringLiteral("enroll"), QStringLiteral("--device"), address,
                                 QStringLiteral("--serial"), QStringLiteral("GX-000001"), QStringLiteral("--json")});
    QCOMPARE(run.exitCode, 10);
    QVERIFY(run.isOneDocument());
    QCOMPARE(run.text("code"), QStringLiteral("D-101"));

    const auto lens = m_ctl->run({QStringLiteral("ek"), QStringLiteral("--device"), address, QStringLiteral("--json")});
    QCOMPARE(lens.exitCode, 10);
    QVERIFY(lens.isOneDocument());
    QCOMPARE(lens.text("code"), QStringLiteral("D-101"));
}

void TestEnrollctlDevice::aTpmThatStaysSilentEndsWithItsDeadline()
{
    QTcpServer silent;
    const auto address = silentAddress(silent);
    const auto profile =
        m_ctl->write(QStringLiteral("impatient.profile.toml"), "schema = 1\nname = \"Impatient\"\nversion = \"1\"\n"
                                                               "[certificate]\nrequire = \"none\"\n[transport]\n"
                                                               "timeout_s = { default = 1, create_primary = 1 }\n");
    const auto run = m_ctl->run({QStringLiteral("attest"), QStringLiteral("--device"), address,
                                 QStringLiteral("--profile"), profile, QStringLiteral("--json")});
    QCOMPARE(run.exitCode, 10);
    QVERIFY(run.isOneDocument());
    QCOMPARE(run.text("code"), QStringLiteral("D-102"));
}

void TestEnrollctlDevice::interruptedRunIsRecordedAsAborted_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGHUP") << SIGHUP;
}

void TestEnrollctlDevice::interruptedRunIsRecordedAsAborted()
{
    QFETCH(int, signal);
    m_ctl->trustSomebody();
    QTcpServer silent;
    const auto process =
        m_ctl->start({QStringLiteral("enroll"), QStringLiteral("--device"), silentAddress(silent),
                      QStringLiteral("--serial"), QStringLiteral("GX-000001"), QStringLiteral("--json")});
    QVERIFY(silent.waitForNewConnection(30'000)); // the run is in the middle of its first step now
    ::kill(static_cast<pid_t>(process->processId()), signal);
    QVERIFY(process->waitForFinished(5'000));
    const CtlRun run{process->exitCode(), process->readAllStandardOutput(), process->readAllStandardError()};
    QCOMPARE(run.exitCode, 130);
    QVERIFY(run.isOneDocument());
    QCOMPARE(run.text("outcome"), QStringLiteral("aborted"));

    const auto recorded =
        m_ctl->run({QStringLiteral("runs"), QStringLiteral("show"), run.text("runId"), QStringLiteral("--json")});
    QCOMPARE(recorded.exitCode, 0);
    QCOMPARE(recorded.text("outcome"), QStringLiteral("aborted"));
    QCOMPARE(recorded.text("serialNumber"), QStringLiteral("GX-000001"));
}

void TestEnrollctlDevice::aReaderThatGoesAwayDoesNotEndTheRun()
{
    m_ctl->trust(firstTpm().caCertificates());
    std::array<int, 2> ends{};
    QCOMPARE(::pipe2(ends.data(), O_CLOEXEC), 0);
    const auto process = m_ctl->prepare({QStringLiteral("enroll"), QStringLiteral("--device"), addressOf(firstTpm()),
                                         QStringLiteral("--serial"), QStringLiteral("GX-000001")});
    const auto writeEnd = QStringLiteral("/proc/self/fd/%1").arg(ends[1]);
    process->setStandardOutputFile(writeEnd, QIODevice::Append);
    process->setStandardErrorFile(writeEnd, QIODevice::Append);
    process->start();
    QVERIFY(process->waitForStarted());
    ::close(ends[1]);
    char byte = 0;
    const auto got = ::read(ends[0], &byte, 1); // the first step was told
    ::close(ends[0]);
    QCOMPARE(got, 1);

    QVERIFY(process->waitForFinished());
    QCOMPARE(process->exitStatus(), QProcess::NormalExit);
    QCOMPARE(process->exitCode(), 12); // nobody saw the result
    const auto runs = m_ctl->run({QStringLiteral("runs"), QStringLiteral("list"), QStringLiteral("--json")});
    const auto rows = runs.document().value(QStringLiteral("runs")).toArray();
    QCOMPARE(rows.size(), 1);
    QCOMPARE(rows.at(0).toObject().value(QStringLiteral("outcome")).toString(), QStringLiteral("pass"));
    QCOMPARE(firstTpm().loadedHandles(), std::string{});
}

void TestEnrollctlDevice::brokenTrustIsRefusedBeforeTheDeviceIsOpened()
{
    m_ctl->trust(firstTpm().caCertificates());
    QFile broken{m_ctl->dataDirectory() + QStringLiteral("/trust/broken.pem")};
    QVERIFY(broken.open(QIODevice::WriteOnly));
    broken.write("no certificate");
    broken.close();

    QTcpServer untouched;
    const auto run = m_ctl->run(
        {QStringLiteral("attest"), QStringLiteral("--device"), silentAddress(untouched), QStringLiteral("--json")});
    QCOMPARE(run.exitCode, 12);
    QVERIFY(run.isOneDocument());
    QCOMPARE(run.text("code"), QStringLiteral("S-347"));
    QVERIFY2(run.text("headline").contains(QStringLiteral("broken.pem")), run.output.constData());
    QVERIFY2(run.text("detail").contains(QStringLiteral("broken.pem")), run.output.constData());
    QVERIFY(!untouched.waitForNewConnection(0));
}

QTEST_GUILESS_MAIN(TestEnrollctlDevice)
#include "tst_enrollctl_device.moc"

#include "tests/app/enrollctl/enrollctl_process.h"
#include "tests/support/service_process.h"
#include "tests/support/swtpm_fixture.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTcpServer>
#include <QTest>

using namespace enroll::test;

/// `upload` and `register` as processes against `enroll-service`.
class TestEnrollctlService : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void uploadsEveryRecordOnce();
    void uploadsThroughAConfiguredDestination();
    void aGivenConnectionStringServesTheConfiguredDestination();
    void aUsedUpTryHoldsNoRecordBack();
    void aRecordOfAnotherKeyUnderTheSameIdIsRejected();
    void recordsStayWhenTheServiceIsAway();
    void followEndsWellWhenStopped();
    void refusesAServiceItCannotVerify();
    void anEnrolledDeviceProvisionsItself();
    void theProfileSaysWhatTheCloudKnowsTheDeviceBy();
    void aDeviceNobodyEnrolledIsRefused();
    void aDeviceWithAnotherKeyIsRefused();
    void anUnknownIdScopeIsRefused();
    void aServiceThatIsAwayIsAStationFault();

private:
    [[nodiscard]] CtlRun json(const QStringList& arguments) const;
    [[nodiscard]] QString enrolled(const SwtpmFixture& tpm, const QString& serial) const;
    [[nodiscard]] CtlRun upload() const;
    [[nodiscard]] QByteArray configuration() const;
    [[nodiscard]] QString recordState() const;
    [[nodiscard]] CtlRun registerAs(const SwtpmFixture& tpm, const QString& id, const QString& scope) const;

    std::unique_ptr<ServiceProcess> m_service;
    std::vector<std::unique_ptr<SwtpmFixture>> m_tpms;
    std::unique_ptr<EnrollctlProcess> m_ctl;
};

namespace {

QString closedUrl()
{
    QTcpServer reserved;
    reserved.listen(QHostAddress::LocalHost);
    return QStringLiteral("https://127.0.0.1:%1").arg(reserved.serverPort());
}

} // namespace

void TestEnrollctlService::initTestCase()
{
    for (int i = 0; i < 3; ++i) {
        m_tpms.push_back(std::make_unique<SwtpmFixture>());
    }
}

void TestEnrollctlService::init()
{
    m_service = std::make_unique<ServiceProcess>();
    m_ctl = std::make_unique<EnrollctlProcess>();
    m_ctl->trust(m_tpms.front()->caCertificates());
}

CtlRun TestEnrollctlService::json(const QStringList& arguments) const
{
    return m_ctl->run(arguments + QStringList{QStringLiteral("--json")});
}

QString TestEnrollctlService::enrolled(const SwtpmFixture& tpm, const QString& serial) const
{
    const auto run = json({QStringLiteral("enroll"), QStringLiteral("--device"), QString::fromStdString(tpm.address()),
                           QStringLiteral("--serial"), serial});
    return run.exitCode == 0 ? run.text("registrationId") : QString{};
}

CtlRun TestEnrollctlService::upload() const
{
    return json({QStringLiteral("upload"), QStringLiteral("--connection-string-file"),
                 m_service->connectionStringFile(), QStringLiteral("--ca-file"), m_service->caFile()});
}

/// A station with the service as its destination "plant".
QByteArray TestEnrollctlService::configuration() const
{
    return "schema = 1\n[station]\nprofile = \"demo\"\n[[destination]]\nname = \"plant\"\nkind = \"dps\"\n"
           "connection_string_file = \"" +
           m_service->connectionStringFile().toUtf8() + "\"\nca_file = \"" + m_service->caFile().toUtf8() + "\"\n";
}

/// What `runs show` and `runs list` say of the only run's record; both words where they differ.
QString TestEnrollctlService::recordState() const
{
    const auto listed = json({QStringLiteral("runs"), QStringLiteral("list")});
    const auto row = listed.document().value(QStringLiteral("runs")).toArray().at(0).toObject();
    const auto shown =
        json({QStringLiteral("runs"), QStringLiteral("show"), row.value(QStringLiteral("runId")).toString()});
    const auto inList = row.value(QStringLiteral("recordState")).toString();
    const auto inRun =
        shown.document().value(QStringLiteral("record")).toObject().value(QStringLiteral("state")).toString();
    return inList == inRun ? inRun : QString{inList + QLatin1String(" and ") + inRun};
}

CtlRun TestEnrollctlService::registerAs(const SwtpmFixture& tpm, const QString& id, const QString& scope) const
{
    return json({QStringLiteral("register"), QStringLiteral("--device"), QString::fromStdString(tpm.address()),
                 QStringLiteral("--service"), m_service->url(), QStringLiteral("--ca-file"), m_service->caFile(),
                 QStringLiteral("--id-scope"), scope, QStringLiteral("--registration-id"), id});
}

void TestEnrollctlService::uploadsEveryRecordOnce()
{
    for (std::size_t i = 0; i < m_tpms.size(); ++i) {
        QVERIFY(!enrolled(*m_tpms[i], QStringLiteral("GX-00000%1").arg(i + 1)).isEmpty());
    }
    const auto first = upload();
    QVERIFY2(first.exitCode == 0, first.errors.constData());
    QVERIFY(first.isOneDocument());
    QCOMPARE(first.document().value(QStringLiteral("accepted")).toInt(), 3);

    const auto second = upload();
    QCOMPARE(second.exitCode, 0);
    QCOMPARE(second.document().value(QStringLiteral("accepted")).toInt(), 0);
    QCOMPARE(second.document().value(QStringLiteral("left")).toInt(-1), 0);
}

void TestEnrollctlService::uploadsThroughAConfiguredDestination()
{
    const auto config = m_ctl->write(QStringLiteral("service.toml"), configuration());
    QVERIFY(!enrolled(*m_tpms[0], QStringLiteral("GX-000001")).isEmpty()); // recorded before there was a destination
    const auto run = json({QStringLiteral("upload"), QStringLiteral("--config"), config});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    const auto destination = run.document().value(QStringLiteral("destinations")).toArray().at(0).toObject();
    QCOMPARE(destination.value(QStringLiteral("name")).toString(), QStringLiteral("plant"));
    QCOMPARE(destination.value(QStringLiteral("accepted")).toInt(), 1);
    QCOMPARE(recordState(), QStringLiteral("accepted"));
}

void TestEnrollctlService::aGivenConnectionStringServesTheConfiguredDestination()
{
    const auto config = m_ctl->write(QStringLiteral("elsewhere.toml"),
                                     "schema = 1\n[station]\nprofile = \"demo\"\n[[destination]]\nname = \"plant\"\n"
                                     "kind = \"dps\"\nconnection_string_file = \"absent\"\n");
    QVERIFY(!enrolled(*m_tpms[0], QStringLiteral("GX-000001")).isEmpty());
    const auto run =
        json({QStringLiteral("upload"), QStringLiteral("--config"), config, QStringLiteral("--connection-string-file"),
              m_service->connectionStringFile(), QStringLiteral("--ca-file"), m_service->caFile()});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    const auto destination = run.document().value(QStringLiteral("destinations")).toArray().at(0).toObject();
    QCOMPARE(destination.value(QStringLiteral("name")).toString(), QStringLiteral("plant"));
}

void TestEnrollctlService::aUsedUpTryHoldsNoRecordBack()
{
    const auto service = m_ctl->write(QStringLiteral("service.toml"), configuration());
    QVERIFY(!enrolled(*m_tpms[0], QStringLiteral("GX-000001")).isEmpty());
    const auto other = QString::fromStdString(m_tpms[0]->caCertificates().front().string());
    const auto refused = json({QStringLiteral("upload"), QStringLiteral("--connection-string-file"),
                               m_service->connectionStringFile(), QStringLiteral("--ca-file"), other});
    QCOMPARE(refused.exitCode, 13); // and the record stays queued for a destination without a name

    QCOMPARE(json({QStringLiteral("upload"), QStringLiteral("--config"), service}).exitCode, 0);
    QCOMPARE(recordState(), QStringLiteral("accepted"));
}

void TestEnrollctlService::aRecordOfAnotherKeyUnderTheSameIdIsRejected()
{
    // Another station enrolled another TPM under this serial number, and serial numbers are the ids here.
    const auto profile = m_ctl->write(QStringLiteral("serial.profile.toml"),
                                      "schema = 1\nname = \"Serial\"\nversion = \"1\"\n[tpm]\nallow_software = true\n"
                                      "[certificate]\nanchors = [\"demo\"]\n"
                                      "[enrollment]\nregistration_id = \"serial\"\n");
    const QStringList enroll{QStringLiteral("enroll"),
                             QStringLiteral("--serial"),
                             QStringLiteral("GX-000001"),
                             QStringLiteral("--profile"),
                             profile,
                             QStringLiteral("--device")};
    QCOMPARE(json(enroll + QStringList{QString::fromStdString(m_tpms[0]->address())}).exitCode, 0);
    QCOMPARE(upload().exitCode, 0);

    m_ctl = std::make_unique<EnrollctlProcess>();
    m_ctl->trust(m_tpms.front()->caCertificates());
    m_ctl->write(QStringLiteral("serial.profile.toml"),
                 "schema = 1\nname = \"Serial\"\nversion = \"1\"\n[tpm]\nallow_software = true\n"
                 "[certificate]\nanchors = [\"demo\"]\n"
                 "[enrollment]\nregistration_id = \"serial\"\n");
    const auto other = m_ctl->path(QStringLiteral("serial.profile.toml"));
    QCOMPARE(json({QStringLiteral("enroll"), QStringLiteral("--serial"), QStringLiteral("GX-000001"),
                   QStringLiteral("--profile"), other, QStringLiteral("--device"),
                   QString::fromStdString(m_tpms[1]->address())})
                 .exitCode,
             0);
    const auto run = upload();
    QCOMPARE(run.exitCode, 13);
    QVERIFY(run.isOneDocument());
    const auto rejected = run.document().value(QStringLiteral("rejected")).toArray();
    QCOMPARE(rejected.size(), 1);
    QCOMPARE(rejected.at(0).toObject().value(QStringLiteral("code")).toString(), QStringLiteral("U-409"));
    QVERIFY(!rejected.at(0).toObject().value(QStringLiteral("nextStep")).toString().isEmpty());
}

void TestEnrollctlService::recordsStayWhenTheServiceIsAway()
{
    QVERIFY(!enrolled(*m_tpms[0], QStringLiteral("GX-000001")).isEmpty());
    m_service->kill();
    const auto process = m_ctl->start({QStringLiteral("upload"), QStringLiteral("--connection-string-file"),
                                       m_service->connectionStringFile(), QStringLiteral("--ca-file"),
                                       m_service->caFile(), QStringLiteral("--json")});
    process->setReadChannel(QProcess::StandardError);
    while (!process->peek(4096).contains("trying again")) {
        QVERIFY(process->waitForReadyRead(30'000));
    }
    process->terminate(); // nobody waits for the last of the tries here
    QVERIFY(process->waitForFinished(5'000));
    const CtlRun run{process->exitCode(), process->readAllStandardOutput(), process->readAllStandardError()};
    QCOMPARE(run.exitCode, 130);
    QVERIFY(run.isOneDocument());
    QCOMPARE(run.document().value(QStringLiteral("left")).toInt(), 1);
    QVERIFY2(!run.output.contains("test"), run.output.constData()); // no device was tested

    m_service->start();
    QCOMPARE(upload().document().value(QStringLiteral("accepted")).toInt(), 1);
}

void TestEnrollctlService::followEndsWellWhenStopped()
{
    QVERIFY(!enrolled(*m_tpms[0], QStringLiteral("GX-000001")).isEmpty());
    const auto process = m_ctl->start({QStringLiteral("upload"), QStringLiteral("--follow"), QStringLiteral("--json"),
                                       QStringLiteral("--connection-string-file"), m_service->connectionStringFile(),
                                       QStringLiteral("--ca-file"), m_service->caFile()});
    process->setReadChannel(QProcess::StandardError);
    while (!process->peek(4096).contains("1 accepted")) {
        QVERIFY(process->waitForReadyRead(30'000));
    }
    process->terminate();
    QVERIFY(process->waitForFinished(5'000));
    QCOMPARE(process->exitCode(), 0);
    const CtlRun run{process->exitCode(), process->readAllStandardOutput(), {}};
    QVERIFY(run.isOneDocument());
    const auto destination = run.document().value(QStringLiteral("destinations")).toArray().at(0).toObject();
    QVERIFY(destination.value(QStringLiteral("stoppedBy")).isNull());
}

void TestEnrollctlService::refusesAServiceItCannotVerify()
{
    QVERIFY(!enrolled(*m_tpms[0], QStringLiteral("GX-000001")).isEmpty());
    const auto other = QString::fromStdString(m_tpms[0]->caCertificates().front().string());
    const auto run = json({QStringLiteral("upload"), QStringLiteral("--connection-string-file"),
                           m_service->connectionStringFile(), QStringLiteral("--ca-file"), other});
    QCOMPARE(run.exitCode, 13);
    QVERIFY(run.isOneDocument());
    QCOMPARE(run.document().value(QStringLiteral("left")).toInt(), 1);
    QVERIFY2(run.errors.contains("U-495"), run.errors.constData());
}

void TestEnrollctlService::anEnrolledDeviceProvisionsItself()
{
    const auto id = enrolled(*m_tpms[0], QStringLiteral("GX-000001"));
    QCOMPARE(upload().exitCode, 0);
    const auto run = registerAs(*m_tpms[0], id, m_service->idScope());
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QVERIFY(run.isOneDocument());
    QCOMPARE(run.text("status"), QStringLiteral("assigned"));
    QCOMPARE(run.text("hub"), QStringLiteral("hub.test"));
    QCOMPARE(run.text("deviceId"), id);
    QCOMPARE(m_tpms[0]->loadedHandles(), std::string{});
}

void TestEnrollctlService::theProfileSaysWhatTheCloudKnowsTheDeviceBy()
{
    QFile demo{QStringLiteral(ENROLL_SOURCE_DIR "/resources/profiles/demo.profile.toml")};
    QVERIFY(demo.open(QIODevice::ReadOnly));
    QByteArray text = demo.readAll() + "\n[enrollment.tags]\nserial = \"{serial}\"\n";
    text.replace("[enrollment]\n", "[enrollment]\ndevice_id = \"gw-{serial}\"\n"
                                   "iot_edge = true\nallocation = \"static\"\n"
                                   "hubs = [\"edge.test\"]\n");
    const auto profile = m_ctl->write(QStringLiteral("edge.profile.toml"), text);
    const auto enrolledRun =
        json({QStringLiteral("enroll"), QStringLiteral("--device"), QString::fromStdString(m_tpms[0]->address()),
              QStringLiteral("--serial"), QStringLiteral("GX-000001"), QStringLiteral("--profile"), profile});
    QVERIFY2(enrolledRun.exitCode == 0, enrolledRun.errors.constData());
    QCOMPARE(upload().exitCode, 0);

    const auto run = registerAs(*m_tpms[0], enrolledRun.text("registrationId"), m_service->idScope());
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QCOMPARE(run.text("deviceId"), QStringLiteral("gw-GX-000001"));
    QCOMPARE(run.text("hub"), QStringLiteral("edge.test"));
}

void TestEnrollctlService::aDeviceNobodyEnrolledIsRefused()
{
    const auto id = enrolled(*m_tpms[0], QStringLiteral("GX-000001")); // and never uploaded
    const auto run = registerAs(*m_tpms[0], id, m_service->idScope());
    QCOMPARE(run.exitCode, 13);
    QVERIFY(run.isOneDocument());
    QCOMPARE(run.text("code"), QStringLiteral("U-404"));
    QVERIFY(!run.text("nextStep").isEmpty());
}

void TestEnrollctlService::aDeviceWithAnotherKeyIsRefused()
{
    const auto id = enrolled(*m_tpms[0], QStringLiteral("GX-000001"));
    QCOMPARE(upload().exitCode, 0);
    const auto run = registerAs(*m_tpms[1], id, m_service->idScope());
    QCOMPARE(run.exitCode, 13);
    QCOMPARE(run.text("code"), QStringLiteral("U-411"));
    QCOMPARE(m_tpms[1]->loadedHandles(), std::string{});
}

void TestEnrollctlService::anUnknownIdScopeIsRefused()
{
    const auto id = enrolled(*m_tpms[0], QStringLiteral("GX-000001"));
    QCOMPARE(upload().exitCode, 0);
    const auto run = registerAs(*m_tpms[0], id, QStringLiteral("0ne0000FFFF"));
    QCOMPARE(run.exitCode, 13);
    QCOMPARE(run.text("code"), QStringLiteral("U-414"));
}

void TestEnrollctlService::aServiceThatIsAwayIsAStationFault()
{
    const auto run =
        json({QStringLiteral("register"), QStringLiteral("--device"), QString::fromStdString(m_tpms[0]->address()),
              QStringLiteral("--service"), closedUrl(), QStringLiteral("--id-scope"), QStringLiteral("0ne00000001"),
              QStringLiteral("--registration-id"), QStringLiteral("device-1")});
    QCOMPARE(run.exitCode, 12);
    QVERIFY(run.isOneDocument());
    QCOMPARE(run.text("code"), QStringLiteral("U-503"));
}

QTEST_GUILESS_MAIN(TestEnrollctlService)
#include "tst_enrollctl_service.moc"

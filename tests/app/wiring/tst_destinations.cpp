#include "app/wiring/destinations.h"
#include "core/base/station_code.h"
#include "tests/support/numbered_record.h"
#include "tests/support/scripted_https_server.h"

#include <QFile>
#include <QTest>

using namespace enroll;
using namespace enroll::app;
using namespace enroll::test;

class tst_destinations : public QObject {
    Q_OBJECT

    QTemporaryDir m_directory;

    /// A connection string to \p host, as its owner alone may read it.
    std::filesystem::path connectionString(const std::string& host) const
    {
        QFile file{m_directory.filePath(QStringLiteral("connection-string"))};
        const auto text = "HostName=" + host + ";SharedAccessKeyName=p;SharedAccessKey=a2V5";
        if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(text.c_str()) < 0 ||
            !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)) {
            qFatal("%s", qPrintable(file.errorString()));
        }
        return file.fileName().toStdString();
    }

private Q_SLOTS:
    void opensAProvisioningService()
    {
        ScriptedHttpsServer server;
        server.otherwise([](const auto&) { return refusal(404201); });
        delivery::RealWaiting waiting;
        const auto settings = wiring::settingsOfConnectionString(connectionString(server.authority()), server.caFile());

        const auto destination = wiring::openDestination(settings, waiting);

        QVERIFY2(destination.ok(), destination.ok() ? "" : destination.error().what.c_str());
        QCOMPARE(server.connections(), 0);
        const delivery::OutboxEntry entry{1, recordNumber(1)};
        const auto held = destination.value()->readBack({&entry, 1}, {});
        QVERIFY(std::holds_alternative<delivery::Absent>(held.at(0)));
    }

    void namesTheFileThatCannotBeUsed()
    {
        delivery::RealWaiting waiting;
        const auto noSecret =
            wiring::openDestination(config::DpsSettings{.connectionStringFile = "/nowhere/cs", .caFile = {}}, waiting);
        QCOMPARE(noSecret.error().code, StationCode::ConfigurationInvalid);
        QVERIFY2(describeForLog(noSecret.error()).find("/nowhere/cs") != std::string::npos,
                 describeForLog(noSecret.error()).c_str());

        const auto noAuthority = wiring::openDestination(
            wiring::settingsOfConnectionString(connectionString("h"), "/nowhere/ca.pem"), waiting);
        QCOMPARE(noAuthority.error().code, StationCode::ConfigurationInvalid);
        QVERIFY2(describeForLog(noAuthority.error()).find("/nowhere/ca.pem") != std::string::npos,
                 describeForLog(noAuthority.error()).c_str());
    }
};

QTEST_GUILESS_MAIN(tst_destinations)
#include "tst_destinations.moc"

#include "app/service/data_directory.h"
#include "core/base/service_code.h"
#include "tests/support/odd_files.h"

#include <QTemporaryDir>
#include <QTest>

using namespace enroll;
using namespace enroll::service;

class TestDataDirectory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesTheHostThatClientsUse_data()
    {
        QTest::addColumn<std::string>("listenHost");
        QTest::addColumn<int>("port");
        QTest::addColumn<std::string>("hostName");
        QTest::newRow("version 4") << std::string{"127.0.0.1"} << 8443 << std::string{"127.0.0.1:8443"};
        QTest::newRow("default port") << std::string{"127.0.0.1"} << 443 << std::string{"127.0.0.1"};
        QTest::newRow("version 6") << std::string{"::1"} << 8443 << std::string{"[::1]:8443"};
        QTest::newRow("version 6, default port") << std::string{"::1"} << 443 << std::string{"[::1]"};
        QTest::newRow("anywhere") << std::string{"0.0.0.0"} << 8443 << std::string{"localhost:8443"};
        QTest::newRow("anywhere, version 6") << std::string{"::"} << 8443 << std::string{"localhost:8443"};
    }
    void namesTheHostThatClientsUse()
    {
        QFETCH(std::string, listenHost);
        QFETCH(int, port);
        QFETCH(std::string, hostName);
        QCOMPARE(hostNameOf(listenHost, static_cast<std::uint16_t>(port)), hostName);
    }

    void namesItsOwnFileThatIsNone_data()
    {
        QTest::addColumn<std::string>("name");
        for (const char* name : {"policies.json", "ca.pem", "ca-key.pem", "tls.pem"}) {
            QTest::newRow(name) << std::string{name};
        }
    }
    void namesItsOwnFileThatIsNone()
    {
        QFETCH(std::string, name);
        for (const auto& kind : test::oddFiles()) {
            const QTemporaryDir directory;
            const std::filesystem::path path{directory.path().toStdString()};
            kind.make(path / name);
            const auto opened = openDataDirectory(path, "127.0.0.1");
            QVERIFY2(!opened.ok(), kind.name);
            QCOMPARE(opened.error().code, ServiceCode::FileUnusable);
            QVERIFY2(opened.error().what.starts_with((path / name).string()), opened.error().what.c_str());
            QVERIFY2(opened.error().what.find(kind.said) != std::string::npos, opened.error().what.c_str());
        }
    }

    void namesALockThatIsNoFile()
    {
        for (const auto& kind : test::oddFiles()) {
            const QTemporaryDir directory;
            const std::filesystem::path path{directory.path().toStdString()};
            kind.make(path / "start.lock");
            const auto starting = lockDataDirectory(path);
            QVERIFY2(!starting.ok(), kind.name);
            QCOMPARE(starting.error().code, ServiceCode::FileUnusable);
            QVERIFY2(starting.error().what.starts_with((path / "start.lock").string()), starting.error().what.c_str());
        }
    }

    void namesAConnectionStringThatIsNoFile()
    {
        for (const auto& kind : test::oddFiles()) {
            const QTemporaryDir directory;
            const std::filesystem::path path{directory.path().toStdString()};
            const auto opened = openDataDirectory(path, "127.0.0.1").value();
            kind.make(opened.connectionStringFile());
            const auto written = writeConnectionString(opened, "localhost");
            QVERIFY2(!written.ok(), kind.name);
            QVERIFY2(written.error().what.starts_with(opened.connectionStringFile().string()),
                     written.error().what.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestDataDirectory)
#include "tst_data_directory.moc"

#include "app/service/data_directory.h"
#include "app/service/tls_material.h"
#include "core/base/service_code.h"
#include "core/system/durable_file.h"
#include "tests/support/must.h"
#include "tests/support/odd_files.h"

#include <QTemporaryDir>
#include <QTest>

using namespace enroll;
using namespace enroll::app::service;
using enroll::test::must;

namespace {

namespace fs = std::filesystem;
constexpr auto kHost = "127.0.0.1";

fs::path pathOf(const QTemporaryDir& directory)
{
    return fs::path{directory.path().toStdString()};
}

void write(const fs::path& file, ByteView content)
{
    must(system::writeDurably(file, content, system::FileMode::OwnerOnly));
}

/// That \p opened was refused as a file of the service that is \p file.
template <class T>
void requireRefused(const Result<T>& opened, const fs::path& file, const char* said = "")
{
    QVERIFY2(!opened.ok(), file.c_str());
    QCOMPARE(opened.error().code, ServiceCode::FileUnusable);
    QVERIFY2(opened.error().what.starts_with(file.string()), opened.error().what.c_str());
    QVERIFY2(opened.error().what.find(said) != std::string::npos, opened.error().what.c_str());
}

} // namespace

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

    void namesItsOwnFileThatHoldsJunk_data() { namesItsOwnFileThatIsNone_data(); }
    void namesItsOwnFileThatHoldsJunk()
    {
        QFETCH(std::string, name);
        const QTemporaryDir directory;
        const auto path = pathOf(directory);
        must(openDataDirectory(path, kHost));
        for (const char* junk : {"", "junk\n", "-----BEGIN CERTIFICATE-----\n"}) {
            write(path / name, asBytes(junk));
            requireRefused(openDataDirectory(path, kHost), path / name);
        }
    }

    void namesAFileThatWasLost_data()
    {
        QTest::addColumn<std::string>("name");
        for (const char* name : {"policies.json", "ca.pem", "ca-key.pem"}) {
            QTest::newRow(name) << std::string{name};
        }
    }
    void namesAFileThatWasLost()
    {
        QFETCH(std::string, name);
        const QTemporaryDir directory;
        const auto path = pathOf(directory);
        must(requireNoLostFile(path)); // a first start: nothing is there yet
        const auto opened = must(openDataDirectory(path, kHost));
        fs::remove(path / name);
        must(requireNoLostFile(path)); // no list yet: no client either
        write(opened.listFile(), {});
        requireRefused(requireNoLostFile(path), path / name, "is missing");
    }

    void namesAKeyThatIsAnothers()
    {
        const QTemporaryDir directory;
        const auto path = pathOf(directory);
        must(openDataDirectory(path, kHost));
        const auto other = must(makeAuthority(utcNow()));
        const auto server = must(makeServerCertificate(other, {"localhost"}, utcNow()));
        write(path / "tls.pem", concat({asBytes(server.certificate), other.privateKey.view()}));
        requireRefused(openDataDirectory(path, kHost), path / "tls.pem", "not that of the certificate");
        write(path / "tls.pem", {});
        requireRefused(openDataDirectory(path, kHost), path / "tls.pem",
                       "it is empty; remove it, and the service makes");
        write(path / "ca-key.pem", other.privateKey.view());
        requireRefused(openDataDirectory(path, kHost), path / "ca-key.pem", "not that of the certificate");
    }

    void namesAnAuthorityThatHasExpired()
    {
        const QTemporaryDir directory;
        const auto path = pathOf(directory);
        const auto old = must(makeAuthority(utcNow() - std::chrono::days{3660}));
        write(path / "ca.pem", asBytes(old.certificate));
        write(path / "ca-key.pem", old.privateKey.view());
        requireRefused(openDataDirectory(path, kHost), path / "ca.pem", "expired");
    }

    void namesASecretThatOthersCanReach()
    {
        for (const char* name : {"policies.json", "ca-key.pem", "tls.pem"}) {
            const QTemporaryDir directory;
            const auto path = pathOf(directory);
            must(openDataDirectory(path, kHost));
            fs::permissions(path / name, fs::perms::others_read, fs::perm_options::add);
            requireRefused(openDataDirectory(path, kHost), path / name, "chmod 600");
        }
        const QTemporaryDir directory;
        const auto opened = must(openDataDirectory(pathOf(directory), kHost));
        must(writeConnectionString(opened, "localhost"));
        fs::permissions(opened.connectionStringFile(), fs::perms::others_read, fs::perm_options::add);
        const auto written = writeConnectionString(opened, "localhost");
        QVERIFY(!written.ok());
        QCOMPARE(written.error().code, ServiceCode::FileUnusable);
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

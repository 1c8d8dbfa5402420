#include "core/base/station_code.h"
#include "tests/support/swtpm_fixture.h"

#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

namespace enroll::test {
namespace {

using app::software_tpm::SoftwareTpm;
using app::software_tpm::SoftwareTpmOptions;

std::string ekPublic(const SwtpmFixture& tpm)
{
    return tpm.tool({"tpm2_readpublic", "-c", "0x81010001"}).standardOutput;
}

} // namespace

class TestSoftwareTpm : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void comesWithPersistentKeysAndCertificates()
    {
        const SwtpmFixture tpm;
        QCOMPARE(tpm.persistentHandles(), std::string{"- 0x81010001\n- 0x81010016\n"});
        const auto indices = tpm.tool({"tpm2_getcap", "handles-nv-index"}).standardOutput;
        QVERIFY(indices.find("0x1C00002") != std::string::npos);
        QVERIFY(indices.find("0x1C00016") != std::string::npos);
    }

    void twoTpmsAreTwoDevicesOfOneAuthority()
    {
        const SwtpmFixture first;
        const SwtpmFixture second;
        QVERIFY(first.port() != second.port());
        QVERIFY(!ekPublic(first).empty());
        QVERIFY(ekPublic(first) != ekPublic(second));
        QCOMPARE(first.caCertificates(), second.caCertificates());
        for (const auto& file : first.caCertificates()) {
            QVERIFY(std::filesystem::exists(file));
        }
    }

    void staysTheSameDeviceAfterARestart()
    {
        SwtpmFixture tpm;
        const auto before = ekPublic(tpm);
        tpm.restart();
        QCOMPARE(ekPublic(tpm), before);
    }

    void servesOneClientAfterAnother()
    {
        const SwtpmFixture tpm;
        for (int client = 0; client < 3; ++client) {
            QTcpSocket socket;
            socket.connectToHost(QStringLiteral("127.0.0.1"), tpm.port());
            QVERIFY(socket.waitForConnected());
            socket.write(QByteArray::fromHex("80010000000c0000017b0008"));
            QVERIFY(socket.waitForReadyRead());
            QCOMPARE(socket.readAll().size(), 20);
        }
    }

    void isGoneOnceStopped()
    {
        SwtpmFixture tpm;
        tpm.stop();
        QTcpSocket socket;
        socket.connectToHost(QStringLiteral("127.0.0.1"), tpm.port());
        QVERIFY(!socket.waitForConnected());
    }

    void saysSoWhenItCannotBeManufactured()
    {
        const QTemporaryDir directory;
        const std::filesystem::path base = directory.path().toStdString();
        const auto options = SoftwareTpmOptions{.directory = "/dev/null/tpm", .authorityDirectory = base / "authority"};
        const auto tpm = SoftwareTpm::start(options);
        QVERIFY(!tpm.ok());
        QCOMPARE(tpm.error().code, StationCode::InternalFault);
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestSoftwareTpm)
#include "tst_software_tpm.moc"

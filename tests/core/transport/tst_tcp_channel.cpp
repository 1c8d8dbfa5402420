#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/transport/open_channel.h"
#include "tests/core/transport/full_backlog.h"
#include "tests/core/transport/waiting.h"

#include <QElapsedTimer>
#include <QLocalServer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTemporaryFile>
#include <QTest>

#include <array>

namespace enroll::test {
namespace {

using namespace transport;
using std::chrono::milliseconds;

constexpr milliseconds kShort{100};
constexpr milliseconds kLong{20'000};

} // namespace

class TestTcpChannel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_server = std::make_unique<QTcpServer>();
        QVERIFY(m_server->listen(QHostAddress::LocalHost));
    }
    void cleanup() { m_server.reset(); }

    void carriesBytesBothWays()
    {
        const auto channel = connected();
        auto* peer = acceptedPeer();
        QVERIFY(channel->send(asBytes("command"), Deadline::in(kLong)).ok());
        QTRY_COMPARE(peer->bytesAvailable(), qint64{7});
        QCOMPARE(peer->readAll(), QByteArray{"command"});
        peer->write("response");
        QVERIFY(peer->waitForBytesWritten());
        std::array<std::byte, 64> buffer{};
        const auto count = channel->receive(buffer, Deadline::in(kLong));
        QVERIFY(count.ok());
        QCOMPARE(asText(ByteView{buffer}.first(*count)), std::string_view{"response"});
    }

    void tellsThatThePeerClosed()
    {
        const auto channel = connected();
        acceptedPeer()->close();
        std::array<std::byte, 8> buffer{};
        const auto count = channel->receive(buffer, Deadline::in(kLong));
        QVERIFY(count.ok());
        QCOMPARE(*count, std::size_t{0});
    }

    void survivesSendingToAPeerThatIsGone()
    {
        const auto channel = connected();
        acceptedPeer()->abort();
        auto sent = Result<void>{};
        for (int i = 0; i < 1'000 && sent.ok(); ++i) { // the kernel may take the first ones
            sent = channel->send(Bytes(4096), Deadline::in(kLong));
        }
        QVERIFY(!sent.ok());
        QCOMPARE(sent.error().code, DeviceCode::NoTpmAnswers);
    }

    void endsAReceiveAtItsDeadline()
    {
        const auto channel = connected();
        std::array<std::byte, 8> buffer{};
        QElapsedTimer timer;
        timer.start();
        const auto count = channel->receive(buffer, Deadline::in(kShort));
        QVERIFY(!count.ok());
        QCOMPARE(count.error().code, DeviceCode::TpmTimedOut);
        QVERIFY(timer.elapsed() >= kShort.count());
        QVERIFY(timer.elapsed() < 2'000);
    }

    void endsASendAtItsDeadlineWhenThePeerReadsNothing()
    {
        const auto channel = connected();
        acceptedPeer()->setReadBufferSize(1);
        const auto sent = channel->send(Bytes(std::size_t{64} * 1024 * 1024), Deadline::in(kShort));
        QVERIFY(!sent.ok());
        QCOMPARE(sent.error().code, DeviceCode::TpmTimedOut);
    }

    void endsAWaitWhenInterruptedFromAnotherThread()
    {
        const auto channel = connected();
        auto waiting = Waiting{[&] {
            std::array<std::byte, 8> buffer{};
            return codeOf(channel->receive(buffer, Deadline::in(kLong)));
        }};
        QTRY_VERIFY(waiting.asleep());
        QElapsedTimer timer;
        timer.start();
        channel->interrupt();
        QVERIFY(waiting.code() == DeviceCode::Cancelled);
        QVERIFY(timer.elapsed() < 2'000);
    }

    void staysInterruptedUntilResumed()
    {
        const auto channel = connected();
        std::array<std::byte, 8> buffer{};
        channel->interrupt();
        QCOMPARE(channel->receive(buffer, Deadline::in(kLong)).error().code, DeviceCode::Cancelled);
        QCOMPARE(channel->receive(buffer, Deadline::in(kLong)).error().code, DeviceCode::Cancelled);
        channel->resume();
        acceptedPeer()->write("late");
        QVERIFY(m_peer->waitForBytesWritten());
        QCOMPARE(*channel->receive(buffer, Deadline::in(kLong)), std::size_t{4});
    }

    void saysThatNobodyListens()
    {
        const auto port = m_server->serverPort();
        m_server->close();
        const auto channel = openChannel(TcpAddress{"127.0.0.1", port}, Deadline::in(kLong), {});
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, DeviceCode::NoTpmAnswers);
    }

    void looksUpANameAndTriesEachOfItsAddresses()
    {
        const auto channel = openChannel(TcpAddress{"localhost", m_server->serverPort()}, Deadline::in(kLong), {});
        QVERIFY2(channel.ok(), channel ? "" : channel.error().what.c_str());
    }

    void saysThatANameDoesNotExist()
    {
        // RFC 6761 reserves "invalid".
        const auto channel = openChannel(TcpAddress{"station.invalid", 1}, Deadline::in(milliseconds{3'000}), {});
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, StationCode::StationCannotReachPort);
        QVERIFY(channel.error().what.starts_with("station.invalid: "));
        QVERIFY(channel.error().what.ends_with("or write the numeric address"));
    }

    void endsAConnectAtItsDeadline()
    {
        const FullBacklog silent;
        QElapsedTimer timer;
        timer.start();
        const auto channel = openChannel(TcpAddress{"127.0.0.1", silent.port()}, Deadline::in(kShort), {});
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, DeviceCode::TpmTimedOut);
        QVERIFY(timer.elapsed() < 2'000);
    }

    void endsAConnectWhenAStopIsAsked()
    {
        const FullBacklog silent;
        std::stop_source stop;
        auto waiting = Waiting{[&] {
            return codeOf(openChannel(TcpAddress{"127.0.0.1", silent.port()}, Deadline::in(kLong), stop.get_token()));
        }};
        QTRY_VERIFY(waiting.asleep());
        QElapsedTimer timer;
        timer.start();
        stop.request_stop();
        QVERIFY(waiting.code() == DeviceCode::Cancelled);
        QVERIFY(timer.elapsed() < 2'000);
    }

    void saysThatADeviceNodeIsAbsent()
    {
        const auto channel = openChannel(DeviceNodeAddress{"/dev/tpmrm-absent"}, Deadline::in(kLong), {});
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, StationCode::StationCannotReachPort);
    }

    void refusesADeviceNodeThatIsNoTpm_data()
    {
        QTest::addColumn<QString>("node");
        QTest::newRow("null") << QStringLiteral("/dev/null");
        QTest::newRow("zero") << QStringLiteral("/dev/zero");
        QTest::newRow("terminal") << QStringLiteral("/dev/ptmx");
        QTest::newRow("terminal that cannot be opened, unless the test has one") << QStringLiteral("/dev/tty");
    }
    void refusesADeviceNodeThatIsNoTpm()
    {
        QFETCH(QString, node);
        const auto channel = openChannel(DeviceNodeAddress{node.toStdString()}, Deadline::in(kLong), {});
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, StationCode::StationCannotReachPort);
        QVERIFY(channel.error().what.find("is not a TPM") != std::string::npos);
    }

    void refusesADeviceNodeThatIsAFile()
    {
        QTemporaryFile file{QStringLiteral("/dev/shm/tst_tcp_channel-XXXXXX")};
        QVERIFY(file.open());
        const auto channel = openChannel(DeviceNodeAddress{file.fileName().toStdString()}, Deadline::in(kLong), {});
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, StationCode::StationCannotReachPort);
        QVERIFY(channel.error().what.find("is not a device node") != std::string::npos);
    }

    void refusesADeviceNodeThatIsASocket()
    {
        const QTemporaryDir place{QStringLiteral("/dev/shm/tst_tcp_channel-XXXXXX")};
        QLocalServer server;
        QVERIFY(server.listen(place.filePath(QStringLiteral("socket"))));
        const auto channel =
            openChannel(DeviceNodeAddress{server.fullServerName().toStdString()}, Deadline::in(kLong), {});
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, StationCode::StationCannotReachPort);
        QVERIFY(channel.error().what.find("is not a device node") != std::string::npos);
    }

    void saysThatADirectoryCannotBeOpened()
    {
        const auto channel = openChannel(DeviceNodeAddress{"/dev/shm"}, Deadline::in(kLong), {});
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, StationCode::StationCannotReachPort);
    }

private:
    std::unique_ptr<TpmChannel> connected()
    {
        auto channel = openChannel(TcpAddress{"127.0.0.1", m_server->serverPort()}, Deadline::in(kLong), {});
        return channel ? std::move(channel).value() : nullptr;
    }

    QTcpSocket* acceptedPeer()
    {
        if (m_server->waitForNewConnection(5'000)) {
            m_peer = m_server->nextPendingConnection();
        }
        return m_peer;
    }

    std::unique_ptr<QTcpServer> m_server;
    QTcpSocket* m_peer = nullptr; ///< owned by the server
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestTcpChannel)
#include "tst_tcp_channel.moc"

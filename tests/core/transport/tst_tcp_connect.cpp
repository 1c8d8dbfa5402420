#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/transport/name_lookup.h"
#include "core/transport/tcp_connect.h"
#include "tests/core/transport/full_backlog.h"

#include <QElapsedTimer>
#include <QTest>

#include <cerrno>
#include <netinet/in.h>

namespace enroll::test {
namespace {

using namespace transport;
using std::chrono::milliseconds;

/// Addresses on loopback, as the resolver gives them.
class AddressList {
public:
    explicit AddressList(std::initializer_list<std::uint16_t> ports)
    {
        for (const auto port : ports) {
            sockaddr_in address{};
            address.sin_family = AF_INET;
            address.sin_port = htons(port);
            address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            m_addresses.push_back(address);
        }
        m_list.resize(m_addresses.size());
        for (std::size_t i = 0; i < m_list.size(); ++i) {
            m_list[i].ai_family = AF_INET;
            m_list[i].ai_socktype = SOCK_STREAM;
            m_list[i].ai_addr = reinterpret_cast<sockaddr*>(&m_addresses[i]);
            m_list[i].ai_addrlen = sizeof(sockaddr_in);
            m_list[i].ai_next = i + 1 < m_list.size() ? &m_list[i + 1] : nullptr;
        }
    }
    AddressList(const AddressList&) = delete;
    AddressList& operator=(const AddressList&) = delete;

    /// Makes an address one of a network that this kernel does not speak.
    AddressList& spoil(std::size_t index)
    {
        m_list.at(index).ai_family = AF_MAX;
        return *this;
    }
    [[nodiscard]] const addrinfo* get() const { return m_list.empty() ? nullptr : m_list.data(); }

private:
    std::vector<sockaddr_in> m_addresses;
    std::vector<addrinfo> m_list;
};

} // namespace

class TestTcpConnect : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_server = std::make_unique<QTcpServer>();
        QVERIFY(m_server->listen(QHostAddress::LocalHost));
    }

    // connect(2), "ERRORS".
    void tellsTheDevicesFaultFromTheStations_data()
    {
        QTest::addColumn<int>("number");
        QTest::addColumn<QString>("code");
        QTest::newRow("ECONNREFUSED") << ECONNREFUSED << QStringLiteral("D-101");
        QTest::newRow("ECONNRESET") << ECONNRESET << QStringLiteral("D-101");
        QTest::newRow("EHOSTUNREACH") << EHOSTUNREACH << QStringLiteral("D-101");
        QTest::newRow("ETIMEDOUT") << ETIMEDOUT << QStringLiteral("D-101");
        QTest::newRow("ENETUNREACH") << ENETUNREACH << QStringLiteral("S-321");
        QTest::newRow("ENETDOWN") << ENETDOWN << QStringLiteral("S-321");
        QTest::newRow("EADDRNOTAVAIL") << EADDRNOTAVAIL << QStringLiteral("S-321");
        QTest::newRow("EACCES") << EACCES << QStringLiteral("S-321");
        QTest::newRow("EPERM") << EPERM << QStringLiteral("S-321");
        QTest::newRow("ENOBUFS") << ENOBUFS << QStringLiteral("S-321");
    }
    void tellsTheDevicesFaultFromTheStations()
    {
        QFETCH(const int, number);
        QFETCH(const QString, code);
        QCOMPARE(textOf(codeOfConnectFault(number)), code);
    }

    void aNameThatIsNotResolvedInTimeIsTheStationsFault()
    {
        const auto interrupt = system::WakeUp::create().value();
        const auto list = lookUp(TcpAddress{"station.invalid", 1}, Deadline::in(milliseconds{0}), interrupt);
        QVERIFY(!list.ok());
        QVERIFY(list.error().code != DeviceCode::TpmTimedOut);
    }

    void aSilentAddressLeavesTimeForTheNext()
    {
        const FullBacklog silent;
        const AddressList list{silent.port(), m_server->serverPort()};
        QElapsedTimer timer;
        timer.start();
        const auto socket = connectToAny(list.get(), Deadline::in(milliseconds{2'000}), m_interrupt);
        QVERIFY2(socket.ok(), socket ? "" : socket.error().what.c_str());
        QVERIFY(timer.elapsed() < 2'000);
    }

    void aSilentHostTakesAllOfTheTimeAndNoMore()
    {
        const FullBacklog silent;
        const AddressList list{silent.port(), silent.port()};
        QElapsedTimer timer;
        timer.start();
        const auto socket = connectToAny(list.get(), Deadline::in(milliseconds{200}), m_interrupt);
        QVERIFY(!socket.ok());
        QCOMPARE(socket.error().code, DeviceCode::TpmTimedOut);
        QVERIFY(timer.elapsed() >= 200);
        QVERIFY(timer.elapsed() < 2'000);
    }

    void anAddressThatTheStationCannotUseHidesNoOther()
    {
        AddressList list{m_server->serverPort(), m_server->serverPort()};
        QVERIFY(connectToAny(list.spoil(0).get(), Deadline::in(milliseconds{2'000}), m_interrupt).ok());
    }

    void theDevicesRefusalOutranksAnAddressThatTheStationCannotUse()
    {
        const auto port = m_server->serverPort();
        m_server->close();
        AddressList list{port, port};
        const auto socket = connectToAny(list.spoil(1).get(), Deadline::in(milliseconds{2'000}), m_interrupt);
        QVERIFY(!socket.ok());
        QCOMPARE(socket.error().code, DeviceCode::NoTpmAnswers);
    }

    void saysThatAHostHasNoAddress()
    {
        const auto socket = connectToAny(nullptr, Deadline::in(milliseconds{2'000}), m_interrupt);
        QVERIFY(!socket.ok());
        QCOMPARE(socket.error().code, StationCode::StationCannotReachPort);
    }

private:
    static QString textOf(ErrorCode code)
    {
        const auto text = describe(code).text;
        return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
    }

    std::unique_ptr<QTcpServer> m_server;
    system::WakeUp m_interrupt = system::WakeUp::create().value();
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestTcpConnect)
#include "tst_tcp_connect.moc"

#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "tests/core/transport/tls_bench.h"
#include "tests/core/transport/waiting.h"

#include <QElapsedTimer>
#include <QTest>

#include <openssl/pem.h>

namespace enroll::test {

using namespace transport;

namespace {

/// One byte after another, for as long as the other end is there; each waits for what does not come.
void drip(const system::Descriptor& socket)
{
    constexpr int kBetween = 5; // milliseconds
    pollfd wait{socket.fd(), POLLRDHUP, 0};
    while (::poll(&wait, 1, kBetween) == 0) {
        const char byte = 0;
        if (::send(socket.fd(), &byte, 1, MSG_NOSIGNAL) != 1) {
            return;
        }
    }
}

} // namespace

/// Peers that speak something else, fall silent, are cut off, or keep to no rule; and stops meanwhile.
class TestTlsOddPeers : public QObject {
    Q_OBJECT

    TlsEnds m_ends;

private Q_SLOTS:
    void tellsWhatSpeaksNoTls_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("said");
        const auto row = [](const char* name, const std::string& text, const char* said) {
            QTest::newRow(name) << text << std::string{said};
        };
        using namespace std::string_literals;
        row("a TPM's refusal", "\x80\x01\x00\x00\x00\x0a\x00\x00\x01\x43"s, "begins with tcp://");
        row("a TPM that does not understand", "\x00\xc4\x00\x00\x00\x0a\x00\x00\x00\x1e"s, "begins with tcp://");
        row("SSH", "SSH-2.0-OpenSSH_9.2\r\n"s, "speaks no TLS");
        row("HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n"s, "speaks no TLS");
        row("a login", "\r\ngateway login: "s, "speaks no TLS");
    }
    void tellsWhatSpeaksNoTls()
    {
        QFETCH(const std::string, text);
        QFETCH(const std::string, said);
        FarEnd other{saying(text)};
        const auto stream = m_ends.connect(other.port());
        QVERIFY(!stream.ok());
        QCOMPARE(textOf(stream.error().code), std::string{"S-346"});
        QVERIFY2(stream.error().what.find(said) != std::string::npos, stream.error().what.c_str());
    }

    /// It is busy, or listens without TLS: nothing was asked of the device's TPM.
    void anAgentThatHangsUpBeforeTlsBeganIsNoFaultOfTheDevice_data()
    {
        QTest::addColumn<QByteArray>("words");
        QTest::addColumn<bool>("reads");
        QTest::addColumn<std::string>("said");
        const QByteArray half{"\x16\x03\x03\x00\x40\x02", 6}; // of a record with a ServerHello
        QTest::newRow("closes at once") << QByteArray{} << false << std::string{"hung up before"};
        QTest::newRow("hears, and closes") << QByteArray{} << true << std::string{"hung up before"};
        QTest::newRow("closes in the handshake") << half << true << std::string{"hung up in the middle"};
    }
    void anAgentThatHangsUpBeforeTlsBeganIsNoFaultOfTheDevice()
    {
        QFETCH(const QByteArray, words);
        QFETCH(const bool, reads);
        QFETCH(const std::string, said);
        FarEnd busy{[words, reads](const system::Descriptor& socket) {
            std::array<char, 4096> hello{};
            pollfd wait{socket.fd(), POLLIN, 0};
            if (reads && ::poll(&wait, 1, static_cast<int>(kLong.count())) == 1) {
                [[maybe_unused]] const auto got = ::recv(socket.fd(), hello.data(), hello.size(), 0);
            }
            [[maybe_unused]] const auto sent =
                ::send(socket.fd(), words.constData(), static_cast<std::size_t>(words.size()), MSG_NOSIGNAL);
            return Ended{};
        }};
        const auto stream = m_ends.connect(busy.port());
        QVERIFY(!stream.ok());
        QVERIFY2(textOf(stream.error().code) == "S-346", describeForLog(stream.error()).c_str());
        QVERIFY2(stream.error().what.find(said) != std::string::npos, stream.error().what.c_str());
    }

    void takesNothingOlderThanTls13()
    {
        auto server = m_ends.plainServer();
        SSL_CTX_set_max_proto_version(server->context(), TLS1_2_VERSION);
        FarEnd old{serving(server)};
        const auto stream = m_ends.connect(old.port());
        QVERIFY(!stream.ok());
        QCOMPARE(textOf(stream.error().code), std::string{"S-346"});
        QVERIFY2(stream.error().what.find("no TLS 1.3") != std::string::npos, stream.error().what.c_str());
    }

    void theAgentTakesNothingOlderEither()
    {
        FarEnd agent{echoing(m_ends.agent)};
        const PlainTls client{TLS_client_method(), m_ends.plant.files(TlsRole::Station)};
        SSL_CTX_set_max_proto_version(client.context(), TLS1_2_VERSION);
        const auto socket = connectedTo(agent.port());
        const auto ssl = client.on(socket);
        QVERIFY(SSL_connect(ssl.get()) != 1);
        QCOMPARE(textOf(agent.ended().code), std::string{"S-346"});
    }

    void theAgentTellsAStationThatSpeaksNoTls()
    {
        FarEnd agent{echoing(m_ends.agent)};
        const auto socket = connectedTo(agent.port());
        const std::array<unsigned char, 12> startup{0x80, 0x01, 0, 0, 0, 12, 0, 0, 0x01, 0x44, 0, 0};
        QCOMPARE(::send(socket.fd(), startup.data(), startup.size(), MSG_NOSIGNAL), ssize_t{12});
        const auto ended = agent.ended();
        QCOMPARE(textOf(ended.code), std::string{"S-346"});
        QVERIFY2(ended.what.find("tls://") != std::string::npos, ended.what.c_str());
    }

    void noSessionIsTakenUpAgain()
    {
        FarEnd agent{echoing(m_ends.agent)};
        const PlainTls client{TLS_client_method(), m_ends.plant.files(TlsRole::Station)};
        const auto socket = connectedTo(agent.port());
        const auto ssl = client.on(socket);
        QCOMPARE(SSL_connect(ssl.get()), 1);
        std::array<char, 1> byte{};
        QCOMPARE(SSL_write(ssl.get(), "x", 1), 1);
        QCOMPARE(SSL_read(ssl.get(), byte.data(), 1), 1); // a ticket would have come before
        QCOMPARE(SSL_SESSION_has_ticket(SSL_get_session(ssl.get())), 0);
        QCOMPARE(SSL_get_current_compression(ssl.get()), nullptr);
        SSL_shutdown(ssl.get());
        QVERIFY(!agent.ended().code);
    }

    void endsTheHandshakeAtItsDeadline_data()
    {
        QTest::addColumn<bool>("drips");
        QTest::newRow("silent") << false;
        QTest::newRow("one byte after another") << true;
    }
    void endsTheHandshakeAtItsDeadline()
    {
        QFETCH(const bool, drips);
        const auto begin = std::string{"\x16\x03\x03\x3f\xff\x02\x00\x3f\xfb", 9}; // a record of 16 KiB, a ServerHello
        FarEnd slow{[drips, begin](const system::Descriptor& socket) {
            if (!drips) {
                return saying({})(system::Descriptor{::dup(socket.fd())});
            }
            [[maybe_unused]] const auto sent = ::send(socket.fd(), begin.data(), begin.size(), MSG_NOSIGNAL);
            drip(socket);
            return Ended{};
        }};
        QElapsedTimer timer;
        timer.start();
        const auto stream = m_ends.connect(slow.port(), m_ends.station, "127.0.0.1", kShort);
        QVERIFY(!stream.ok());
        QVERIFY2(stream.error().code == DeviceCode::TpmTimedOut, stream.error().what.c_str());
        QVERIFY2(stream.error().what.find("handshake") != std::string::npos, stream.error().what.c_str());
        QVERIFY(timer.elapsed() >= kShort.count());
        QVERIFY(timer.elapsed() < 2'000);
    }

    void theAgentEndsTheHandshakeAtItsDeadline()
    {
        FarEnd agent{[this](system::Descriptor socket) {
            return endOf(TlsStream::accept(std::move(socket), m_ends.agent, Deadline::in(kShort), m_ends.never));
        }};
        const auto silent = connectedTo(agent.port());
        QVERIFY(agent.ended().code == DeviceCode::TpmTimedOut);
    }

    void aStopEndsTheHandshake()
    {
        FarEnd silent{saying({})};
        const auto interrupt = must(system::WakeUp::create());
        auto waiting = Waiting{[&] {
            return codeOf(TlsStream::connect(connectedTo(silent.port()), m_ends.station, "127.0.0.1",
                                             Deadline::in(kLong), interrupt));
        }};
        QTRY_VERIFY(waiting.asleep());
        QElapsedTimer timer;
        timer.start();
        interrupt.raise();
        QVERIFY(waiting.code() == DeviceCode::Cancelled);
        QVERIFY(timer.elapsed() < 2'000);
    }

    void aStopEndsAReceiveAndAnotherOneGoesOn()
    {
        FarEnd agent{echoing(m_ends.agent)};
        const auto stream = must(m_ends.connect(agent.port()));
        const auto interrupt = must(system::WakeUp::create());
        std::array<std::byte, 8> buffer{};
        auto waiting = Waiting{[&] { return codeOf(stream.receive(buffer, Deadline::in(kLong), interrupt)); }};
        QTRY_VERIFY(waiting.asleep());
        interrupt.raise();
        QVERIFY(waiting.code() == DeviceCode::Cancelled);
        QVERIFY(codeOf(stream.receive(buffer, Deadline::in(kLong), interrupt)) == DeviceCode::Cancelled);
        QVERIFY(stream.send(asBytes("late"), Deadline::in(kLong), m_ends.never).ok());
        interrupt.clear();
        QCOMPARE(*stream.receive(buffer, Deadline::in(kLong), interrupt), std::size_t{4});
    }

    void endsAReceiveAtItsDeadline()
    {
        FarEnd agent{echoing(m_ends.agent)};
        const auto stream = must(m_ends.connect(agent.port()));
        QElapsedTimer timer;
        timer.start();
        QVERIFY(m_ends.received(stream, kShort).code == DeviceCode::TpmTimedOut);
        QVERIFY(timer.elapsed() >= kShort.count());
        QVERIFY(timer.elapsed() < 2'000);
    }

    void endsASendAtItsDeadlineWhenThePeerReadsNothing()
    {
        const auto over = must(system::WakeUp::create()); // it would not see the end behind what it has not read
        FarEnd deaf{serving(m_ends.plainServer(), [&over](SSL*) {
            pollfd wait{over.fd(), POLLIN, 0};
            ::poll(&wait, 1, static_cast<int>(kLong.count()));
        })};
        const auto stream = must(m_ends.connect(deaf.port()));
        const auto sent = stream.send(Bytes(std::size_t{64} * 1024 * 1024), Deadline::in(kShort), m_ends.never);
        over.raise();
        QVERIFY(!sent.ok());
        QVERIFY(sent.error().code == DeviceCode::TpmTimedOut);
    }

    /// Records that hold no data keep the socket ready without end.
    void recordsWithoutDataHideNeitherTheDeadlineNorAStop()
    {
        FarEnd restless{serving(m_ends.plainServer(), [](SSL* ssl) {
            while (SSL_key_update(ssl, SSL_KEY_UPDATE_NOT_REQUESTED) == 1 && SSL_do_handshake(ssl) == 1) {
            }
        })};
        const auto stream = must(m_ends.connect(restless.port()));
        QElapsedTimer timer;
        timer.start();
        QVERIFY(m_ends.received(stream, kShort).code == DeviceCode::TpmTimedOut);
        QVERIFY(timer.elapsed() < 2'000);
        const auto interrupt = must(system::WakeUp::create());
        interrupt.raise();
        std::array<std::byte, 8> buffer{};
        QVERIFY(codeOf(stream.receive(buffer, Deadline::in(kLong), interrupt)) == DeviceCode::Cancelled);
    }

    void theEndIsToldFromAConnectionThatWasCut()
    {
        FarEnd orderly{serving(m_ends.plainServer(), [](SSL* ssl) { SSL_shutdown(ssl); })};
        const auto said = must(m_ends.connect(orderly.port()));
        std::array<std::byte, 8> buffer{};
        QCOMPARE(must(said.receive(buffer, Deadline::in(kLong), m_ends.never)), std::size_t{0});

        FarEnd cut{serving(m_ends.plainServer())};
        const auto stream = must(m_ends.connect(cut.port()));
        const auto ended = m_ends.received(stream);
        QVERIFY2(ended.code == DeviceCode::NoTpmAnswers, ended.what.c_str());
        QVERIFY2(ended.what.find("without the end") != std::string::npos, ended.what.c_str());
    }

    void aCutInTheMiddleOfARecordGivesNoData()
    {
        FarEnd cut{serving(m_ends.plainServer(), [](SSL* ssl) {
            const std::array<unsigned char, 7> half{0x17, 0x03, 0x03, 0x00, 0x40, 1, 2};
            [[maybe_unused]] const auto sent = ::send(SSL_get_fd(ssl), half.data(), half.size(), MSG_NOSIGNAL);
        })};
        const auto stream = must(m_ends.connect(cut.port()));
        QVERIFY(m_ends.received(stream).code == DeviceCode::NoTpmAnswers);
    }

    void whatIsNoRecordEndsTheConnection_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("longer than a record may be") << QByteArray{"\x17\x03\x03\xff\xff"} + QByteArray(70'000, 'x');
        QTest::newRow("not encrypted with this key") << QByteArray{"\x17\x03\x03\x00\x20", 5} + QByteArray(32, 'x');
        QTest::newRow("no TLS") << QByteArray(64, 'x');
    }
    void whatIsNoRecordEndsTheConnection()
    {
        QFETCH(const QByteArray, bytes);
        FarEnd broken{serving(m_ends.plainServer(), [bytes](SSL* ssl) {
            [[maybe_unused]] const auto sent =
                ::send(SSL_get_fd(ssl), bytes.constData(), static_cast<std::size_t>(bytes.size()), MSG_NOSIGNAL);
            pollfd gone{SSL_get_fd(ssl), POLLRDHUP, 0};
            ::poll(&gone, 1, static_cast<int>(kLong.count()));
        })};
        const auto ended = [&] {
            const auto stream = must(m_ends.connect(broken.port()));
            return m_ends.received(stream);
        }();
        QVERIFY2(ended.code == DeviceCode::NoTpmAnswers, ended.what.c_str());
    }

    void aPathOfCertificatesWithoutEndIsNotTaken()
    {
        auto server = m_ends.plainServer();
        const auto file = m_ends.plant.filesOfAuthority().certificateFile;
        const std::unique_ptr<BIO, decltype(&BIO_free)> pem{BIO_new_file(file.c_str(), "r"), BIO_free};
        const crypto::X509Ptr authority{PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr)};
        for (int i = 0; i < 60; ++i) { // some 400 bytes each
            SSL_CTX_add1_chain_cert(server->context(), authority.get());
        }
        FarEnd talkative{serving(server)};
        const auto stream = m_ends.connect(talkative.port());
        QVERIFY(!stream.ok());
        QCOMPARE(textOf(stream.error().code), std::string{"S-346"});
    }

    /// The test would end here if a write to a connection that is gone raised SIGPIPE.
    void survivesSendingToAPeerThatIsGone()
    {
        FarEnd gone{serving(m_ends.plainServer())};
        const auto stream = must(m_ends.connect(gone.port()));
        gone.ended();
        auto sent = Result<void>{};
        for (int i = 0; i < 1'000 && sent.ok(); ++i) { // the kernel may take the first ones
            sent = stream.send(Bytes(4096), Deadline::in(kLong), m_ends.never);
        }
        QVERIFY(!sent.ok());
        QVERIFY2(sent.error().code == DeviceCode::NoTpmAnswers, sent.error().what.c_str());
    }

    void aStationThatVanishesInTheHandshakeIsTold()
    {
        FarEnd agent{echoing(m_ends.agent)};
        {
            const auto socket = connectedTo(agent.port());
            const std::array<unsigned char, 6> half{0x16, 0x03, 0x01, 0x02, 0x00, 0x01};
            QCOMPARE(::send(socket.fd(), half.data(), half.size(), MSG_NOSIGNAL), ssize_t{6});
        }
        const auto ended = agent.ended();
        QVERIFY2(ended.code == DeviceCode::NoTpmAnswers, ended.what.c_str());
        QVERIFY2(ended.what.starts_with("the station"), ended.what.c_str());
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestTlsOddPeers)
#include "tst_tls_odd_peers.moc"

#include "core/system/write_signals.h"
#include "tests/app/agent/agent_talk.h"
#include "tests/core/transport/tls_bench.h"

#include <QTest>

#include <algorithm>

namespace enroll::test {

using namespace transport;
using std::chrono::days;

namespace {

/// A line to an agent by OpenSSL's own client, which shows what it is told, trusts whoever listens, and need not say the end.
class RawStation {
public:
    explicit RawStation(std::uint16_t port, const AgentFiles& files = {}, int mostVersion = TLS1_3_VERSION)
        : m_client(TLS_client_method(), files), m_socket(socketTo(port))
    {
        SSL_CTX_set_max_proto_version(m_client.context(), mostVersion);
        m_ssl = m_client.on(m_socket);
        m_shook = SSL_connect(m_ssl.get()) == 1;
    }

    /// False where the handshake failed here: in TLS 1.3 it is over for a station before its agent has looked at it.
    [[nodiscard]] bool shookHands() const noexcept { return m_shook; }
    [[nodiscard]] bool say(ByteView bytes) const
    {
        return SSL_write(m_ssl.get(), bytes.data(), static_cast<int>(bytes.size())) == static_cast<int>(bytes.size());
    }
    /// The agent's response to \p command; empty if none came.
    [[nodiscard]] Bytes ask(ByteView command) const
    {
        Bytes frame(tpm::kLongestFrame);
        const int count = say(command) ? SSL_read(m_ssl.get(), frame.data(), static_cast<int>(frame.size())) : 0;
        frame.resize(static_cast<std::size_t>(std::max(count, 0)));
        return frame;
    }
    /// The socket, whose TLS is not spoken any more.
    system::Descriptor abandoned() { return std::move(m_socket); }

private:
    PlainTls m_client;
    system::Descriptor m_socket;
    SslPtr m_ssl;
    bool m_shook = false;
};

/// True if the other end of \p socket closed it within kLong, after whatever it may have said.
bool isClosedBy(const system::Descriptor& socket)
{
    const timeval patience{kLong.count() / 1000, 0};
    ::setsockopt(socket.fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::array<char, 256> ignored{};
    ssize_t got = 0;
    do {
        got = ::recv(socket.fd(), ignored.data(), ignored.size(), 0);
    } while (got > 0);
    return got == 0 || errno == ECONNRESET;
}

void sayTo(const system::Descriptor& socket, const std::string& text)
{
    [[maybe_unused]] const auto sent = ::send(socket.fd(), text.data(), text.size(), MSG_NOSIGNAL);
}

} // namespace

/// `enroll-agent --listen tls://`, as a process of its own before a software TPM.
class tst_agent_tls : public QObject {
    Q_OBJECT

    SwtpmFixture m_tpm;
    PlantKeys m_plant;
    PlantKeys m_otherPlant{"Plant 2"};
    AgentFiles m_station = m_plant.files(TlsRole::Station);

    static QStringList keys(const std::filesystem::path& directory)
    {
        return {QStringLiteral("--keys"), QString::fromStdString(directory.string())};
    }
    [[nodiscard]] AgentProcess agentWith(const QStringList& more = {}) const
    {
        const auto serial =
            m_plant.written("serial", asBytes("GX-000183\n")); // without one it says so on standard error
        return AgentProcess{
            m_tpm.address(),
            keys(m_plant.directory(TlsRole::Agent)) +
                QStringList{QStringLiteral("--serial-number-file"), QString::fromStdString(serial.string())} + more,
            QStringLiteral("tls://127.0.0.1:0")};
    }
    /// An agent that gives whoever is silent two seconds.
    [[nodiscard]] AgentProcess impatientAgent() const
    {
        return agentWith({QStringLiteral("--idle-seconds"), QStringLiteral("2")});
    }
    void requireServes(const AgentProcess& agent) const
    {
        QCOMPARE(answerTo(*connectTo(agent.address(), m_station), getRandom()), 0U);
    }

private Q_SLOTS:
    void initTestCase() { system::ignoreSignalsOfWrites(); } // of RawStation

    void anAttestationOverTlsIsTheOneOverTcp()
    {
        const auto overTcp = [this] {
            const AgentProcess agent{m_tpm.address()};
            return attestAt(agent.address());
        }();
        auto agent = agentWith();
        QVERIFY(agent.address().starts_with("tls://127.0.0.1:"));
        const auto overTls = attestAt(agent.address(), m_station);
        QVERIFY(overTls.identity == overTcp.identity);
        QVERIFY(overTls.endorsementKey == overTcp.endorsementKey);
        QCOMPARE(overTls.certificates, overTcp.certificates);
        QCOMPARE(overTls.storageRootKey, overTcp.storageRootKey);
        QCOMPARE(overTls.commands, overTcp.commands);
        QVERIFY(overTcp.proven && overTls.proven);
        QCOMPARE(agent.terminate(), std::optional{0});
        QVERIFY(!agent.says("station "));
        QVERIFY2(agent.said().isEmpty(), agent.said().constData()); // nothing was wrong
        QVERIFY(loadedAt(m_tpm.address()).empty());
    }

    void whatDestroysReachesTheTpmByNoLine()
    {
        const auto agent = agentWith();
        const auto line = connectTo(agent.address(), m_station);
        QCOMPARE(answerTo(*line, clearTpm()), kUnknownCommand);
        QCOMPARE(answerTo(*line, getRandom()), 0U);
    }

    void whoIsNoStationOfThePlantIsNotServed_data()
    {
        QTest::addColumn<AgentFiles>("shown");
        QTest::addColumn<int>("version");
        QTest::addColumn<QByteArray>("said");
        const auto row = [](const char* name, const AgentFiles& shown, const char* said, int version = TLS1_3_VERSION) {
            QTest::newRow(name) << shown << version << QByteArray{said};
        };
        constexpr auto kStation = TlsRole::Station;
        const auto now = utcNow();
        row("a station of another plant", m_otherPlant.files(kStation), "does not come from the authority in ca.pem");
        row("no certificate", {}, "S-343: the station shows no certificate");
        row("an agent", m_plant.files(TlsRole::Agent), "is not that of a station");
        row("the authority itself", m_plant.filesOfAuthority(), "is not that of a station");
        row("expired", m_plant.files(kStation, {.days = 30, .now = now - days{60}}), "expired at 20");
        row("not valid yet", m_plant.files(kStation, {.now = now + days{10}}), "is valid from 20");
        row("TLS 1.2", m_station, "S-346: the station has no TLS 1.3", TLS1_2_VERSION);
    }
    void whoIsNoStationOfThePlantIsNotServed()
    {
        QFETCH(const AgentFiles, shown);
        QFETCH(const int, version);
        QFETCH(const QByteArray, said);
        auto agent = agentWith();
        const RawStation other{agent.port(), shown, version};
        QVERIFY(!other.shookHands() || other.ask(getRandom()).empty());
        QVERIFY2(agent.says(said), agent.said().constData());
        QCOMPARE(agent.said().count('\n'), qsizetype{1});
        QVERIFY(agent.said().startsWith("station 127.0.0.1:"));
        requireServes(agent);
    }

    /// It is of another plant, and so is the agent to it: the station ends the handshake, and the agent says why.
    void whoRefusesTheAgentIsSaid()
    {
        auto agent = agentWith();
        const auto line = lineTo(agent.address(), m_otherPlant.files(TlsRole::Station));
        QVERIFY(!line.ok());
        QCOMPARE(textOf(line.error().code), std::string{"S-343"});
        QVERIFY2(agent.says("the station does not know the authority of the agent's certificate"),
                 agent.said().constData());
        requireServes(agent);
    }

    void whatSpeaksNoTlsIsSaid_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<QByteArray>("said");
        const auto command = getRandom();
        QTest::newRow("a TPM command") << std::string{asText(command)}
                                       << QByteArray{"S-346: the station speaks to the TPM without TLS"};
        QTest::newRow("HTTP") << std::string{"GET / HTTP/1.1\r\n\r\n"} << QByteArray{"speaks no TLS"};
        QTest::newRow("endless bytes") << std::string(std::size_t{1} << 20U, 'G') << QByteArray{"speaks no TLS"};
        QTest::newRow("no word") << std::string{} << QByteArray{"the station hung up before it said anything"};
    }
    void whatSpeaksNoTlsIsSaid()
    {
        QFETCH(const std::string, text);
        QFETCH(const QByteArray, said);
        auto agent = agentWith();
        {
            const auto other = socketTo(agent.port());
            sayTo(other, text);
            if (!text.empty()) {
                QVERIFY(isClosedBy(other));
            }
        }
        QVERIFY2(agent.says(said), agent.said().constData());
        QCOMPARE(agent.said().count('\n'), qsizetype{1});
        requireServes(agent);
    }

    void whoConnectsAndSaysNothingDelaysAStationAtMost_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::newRow("nothing") << std::string{};
        QTest::newRow("a part of a ClientHello") << std::string{"\x16\x03\x01\x02\x00\x01", 6};
    }
    void whoConnectsAndSaysNothingDelaysAStationAtMost()
    {
        QFETCH(const std::string, text);
        auto agent = impatientAgent();
        const auto silent = socketTo(agent.port());
        sayTo(silent, text);
        requireServes(agent); // it waited for that one's handshake, and was not let go
        QVERIFY(isClosedBy(silent));
        QVERIFY2(agent.says("the station did not finish the TLS handshake in time"), agent.said().constData());
    }

    void aServedStationIsInNobodysHands()
    {
        auto agent = agentWith();
        const auto first = connectTo(agent.address(), m_station);
        QCOMPARE(answerTo(*first, getRandom()), 0U);
        for (int i = 0; i < 10; ++i) {
            const auto silent = socketTo(agent.port());
            QVERIFY(isClosedBy(silent)); // at once: its handshake was not waited for
            QCOMPARE(answerTo(*first, getRandom()), 0U);
        }
        const auto second = lineTo(agent.address(), m_station);
        QVERIFY(!second.ok());
        QCOMPARE(textOf(second.error().code), std::string{"S-346"});
        QCOMPARE(answerTo(*first, getRandom()), 0U);
        QVERIFY2(agent.says(" is served\n"), agent.said().constData());
        QCOMPARE(agent.said().count('\n'), qsizetype{1});
    }

    /// Both have connected before either was let in.
    void ofTwoStationsAtOnceOneIsServed()
    {
        const auto agent = agentWith();
        const auto early = socketTo(agent.port()); // shakes no hands yet
        const auto waiting = socketTo(agent.port());
        const PlainTls client{TLS_client_method(), m_station};
        const auto ssl = client.on(early);
        QCOMPARE(SSL_connect(ssl.get()), 1);
        QVERIFY(isClosedBy(waiting)); // as soon as the line was the first one's
        const auto command = getRandom();
        Bytes response(tpm::kLongestFrame);
        QCOMPARE(SSL_write(ssl.get(), command.data(), static_cast<int>(command.size())),
                 static_cast<int>(command.size()));
        QVERIFY(SSL_read(ssl.get(), response.data(), static_cast<int>(response.size())) > 0);
        QCOMPARE(codeOf(response), 0U);
    }

    /// The end of a station's own last line must not refuse it.
    void aStationThatConnectsAgainIsServed()
    {
        const auto agent = agentWith();
        for (int i = 0; i < 20; ++i) {
            const auto line = connectTo(agent.address(), m_station);
            QCOMPARE(answerTo(*line, i % 2 == 0 ? createPrimary() : startSession()), 0U);
        }
        QVERIFY(loadedAt(m_tpm.address()).empty());
    }

    void aStationThatIsCutOffLeavesNothing_data()
    {
        QTest::addColumn<Bytes>("last");
        QTest::newRow("between two commands") << Bytes{};
        QTest::newRow("while the TPM makes a key") << createPrimary();
        QTest::newRow("within a command") << Bytes{std::byte{0x80}, std::byte{1}};
    }
    void aStationThatIsCutOffLeavesNothing()
    {
        QFETCH(const Bytes, last);
        const auto agent = agentWith();
        {
            RawStation station{agent.port(), m_station};
            QCOMPARE(codeOf(station.ask(startSession())), 0U);
            QCOMPARE(codeOf(station.ask(createPrimary())), 0U);
            QVERIFY(last.empty() || station.say(last));
            const auto cut = station.abandoned(); // closed without the end that TLS gives it
        }
        QVERIFY(loadedAt(m_tpm.address()).empty());
        requireServes(agent);
    }

    /// A cable that was cut, a station without power.
    void aStationThatIsGoneWithoutAWordIsNoticed()
    {
        const auto agent = agentWith({QStringLiteral("--idle-seconds"), QStringLiteral("3600")});
        RawStation station{agent.port(), m_station};
        QCOMPARE(codeOf(station.ask(createPrimary())), 0U);
        if (!takeAway(station.abandoned())) {
            QSKIP("this account may not take a connection away silently (CAP_NET_ADMIN)");
        }
        QVERIFY(loadedAt(m_tpm.address()).empty());
        requireServes(agent);
    }

    void aStationThatIsSilentFreesTheLine()
    {
        const auto agent = impatientAgent();
        const auto line = connectTo(agent.address(), m_station);
        QCOMPARE(answerTo(*line, createPrimary()), 0U);
        QVERIFY(isClosed(*line));
        QVERIFY(loadedAt(m_tpm.address()).empty());
        requireServes(agent);
    }

    void whatIsNoCommandEndsTheLineAlone()
    {
        const auto agent = agentWith();
        const auto line = connectTo(agent.address(), m_station);
        QCOMPARE(answerTo(*line, startSession()), 0U);
        [[maybe_unused]] const auto sent = line->send(Bytes(std::size_t{8} << 20U, std::byte{0x47}), soon());
        std::array<std::byte, 1> byte{};
        const auto heard = line->receive(byte, soon());
        QVERIFY(!heard.ok() || *heard == 0);
        QVERIFY(loadedAt(m_tpm.address()).empty());
        requireServes(agent);
    }

    /// Peers that are refused, each in one of four ways, and lines that are cut.
    void nothingAddsUp()
    {
        const auto agent = agentWith();
        const auto stranger = m_otherPlant.files(TlsRole::Station);
        const auto come = [&](int kind) {
            switch (kind % 4) {
            case 0:
                return RawStation{agent.port(), stranger}.ask(getRandom()).empty();
            case 1:
                return RawStation{agent.port()}.ask(getRandom()).empty();
            case 2: {
                const auto other = socketTo(agent.port());
                sayTo(other, std::string(4'000, 'G'));
                return isClosedBy(other);
            }
            default:
                return !RawStation{agent.port(), m_station}.ask(startSession()).empty();
            }
        };
        const auto used = [&] {
            const auto line = connectTo(agent.address(), m_station);
            return answerTo(*line, getRandom()) == 0 ? useOf(agent.processId()) : Use{};
        };
        for (int i = 0; i < 20; ++i) {
            QVERIFY(come(i));
        }
        const auto before = used();
        for (int i = 0; i < 200; ++i) {
            QVERIFY(come(i));
        }
        const auto after = used();
        QCOMPARE(after.descriptors, before.descriptors);
        QVERIFY2(after.resident < before.resident + kMostGrowth, qPrintable(QString::number(after.resident)));
        QVERIFY(loadedAt(m_tpm.address()).empty());
    }

    void theEndOfTheAgentEndsAHandshake()
    {
        auto agent = agentWith();
        const auto silent = socketTo(agent.port());
        agent.askToEnd();
        QCOMPARE(agent.awaitEnd(), std::optional{0});
        QVERIFY(!agent.says("station ")); // its end is no fault of a station's
    }

    void keysThatCannotBeUsedAreRefusedAtTheStart_data()
    {
        QTest::addColumn<std::string>("directory");
        QTest::addColumn<QByteArray>("said");
        const auto row = [](const char* name, const std::filesystem::path& directory, const char* said) {
            QTest::newRow(name) << directory.string() << QByteArray{said};
        };
        using std::filesystem::perms;
        const auto open = m_plant.directory(TlsRole::Agent);
        std::filesystem::permissions(open / kKeyFileName, perms::owner_read | perms::group_read);
        row("a key that a group may read", open, "run: chmod 600 ");
        row("no such directory", m_plant.folder() / "none", "there is no such file");
        row("a station's", m_plant.directory(TlsRole::Station), "is not that of an agent");
        row("expired", m_plant.directory(TlsRole::Agent, {.days = 30, .now = utcNow() - days{60}}), "expired at 20");
        const auto mixed = m_plant.directory(TlsRole::Agent);
        std::filesystem::copy_file(m_plant.directory(TlsRole::Agent) / kKeyFileName, mixed / kKeyFileName,
                                   std::filesystem::copy_options::overwrite_existing);
        row("another one's key", mixed, "the key is not that of the certificate");
    }
    void keysThatCannotBeUsedAreRefusedAtTheStart()
    {
        QFETCH(const std::string, directory);
        QFETCH(const QByteArray, said);
        BoundProcess agent;
        agent.start(AgentProcess::program(),
                    QStringList{QStringLiteral("--tpm"), QString::fromStdString(m_tpm.address()),
                                QStringLiteral("--listen"), QStringLiteral("tls://127.0.0.1:0")} +
                        keys(directory));
        QVERIFY(agent.waitForFinished());
        QCOMPARE(agent.exitStatus(), QProcess::NormalExit);
        QCOMPARE(agent.exitCode(), 12);
        const auto errors = agent.readAllStandardError();
        QVERIFY2(errors.contains(said), errors.constData());
        QVERIFY2(errors.contains("enrollctl agent-keys agent"), errors.constData()); // what to do
        QVERIFY(agent.readAllStandardOutput().isEmpty());
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_agent_tls)
#include "tst_agent_tls.moc"

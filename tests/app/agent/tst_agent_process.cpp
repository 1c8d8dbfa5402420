#include "core/tpm/agent_announcement.h"
#include "tests/app/agent/agent_talk.h"
#include "tests/support/tpm_relay.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <random>

namespace enroll::test {

using namespace std::chrono_literals;
class tst_agent_process : public QObject {
    Q_OBJECT

    SwtpmFixture m_tpm;

    static Bytes junk(std::size_t size) { return Bytes(size, std::byte{0x47}); }

private Q_SLOTS:
    void anAttestationThroughTheAgentIsTheDirectOne()
    {
        const auto direct = attestAt(m_tpm.address());
        AgentProcess agent{m_tpm.address()};
        const auto relayed = attestAt(agent.address());
        QVERIFY(relayed.identity == direct.identity);
        QVERIFY(relayed.endorsementKey == direct.endorsementKey);
        QCOMPARE(relayed.certificates, direct.certificates);
        QCOMPARE(relayed.storageRootKey, direct.storageRootKey);
        QCOMPARE(relayed.commands, direct.commands);
        QVERIFY(direct.proven && relayed.proven);
        QCOMPARE(agent.terminate(), std::optional{0});
        QVERIFY(loadedAt(m_tpm.address()).empty());
    }

    void bothKeysCanBeKeptThroughTheAgent()
    {
        m_tpm.evict("0x81010001");
        const AgentProcess agent{m_tpm.address()};
        const auto device = tpmAt(agent.address());
        const auto answer = must(attest(*device, asBytes("sign this"), {.persist = kBothKeys}));
        QCOMPARE(answer.given, answer.expected);
        const auto persistent = QString::fromStdString(m_tpm.persistentHandles());
        QVERIFY(persistent.contains(QLatin1String("0x81010001")));
        QVERIFY(persistent.contains(QLatin1String("0x81000001")));
    }

    void theAgentSaysWhoItIs()
    {
        const QTemporaryDir directory;
        QFile file{directory.filePath(QStringLiteral("serial"))};
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("GX-000183\n") > 0);
        file.close();
        const AgentProcess agent{m_tpm.address(), {QStringLiteral("--serial-number-file"), file.fileName()}};
        auto exchange = exchangeWith(agent.address());
        const auto said = must(tpm::askAgent(exchange));
        QVERIFY(said.has_value());
        QVERIFY((*said == tpm::AgentAnnouncement{tpm::kAgentProtocol, "GX-000183", m_tpm.address()}));
    }

    void aTpmItselfRefusesTheQuestionAndGoesOn()
    {
        auto exchange = exchangeWith(m_tpm.address());
        QVERIFY(!must(tpm::askAgent(exchange)).has_value());
        QCOMPARE(codeOf(must(exchange.run(getRandom()))), 0U);
    }

    void whatDestroysReachesTheTpmWithItsFlagAlone()
    {
        {
            const AgentProcess agent{m_tpm.address()};
            const auto line = connectTo(agent.address());
            QCOMPARE(answerTo(*line, clearTpm()), kUnknownCommand);
            QCOMPARE(answerTo(*line, evictControl(0x81010001, 0x81010001)), kUnknownCommand);
            QCOMPARE(answerTo(*line, getRandom()), 0U); // the line goes on
        }
        QVERIFY(m_tpm.persistentHandles().find("0x81010001") != std::string::npos);
        {
            const AgentProcess agent{m_tpm.address(), {QStringLiteral("--allow-clear")}};
            const auto line = connectTo(agent.address());
            QCOMPARE(answerTo(*line, evictControl(0x81010001, 0x81010001)), kUnknownCommand);
            QCOMPARE(answerTo(*line, clearTpm()), 0U);
        }
        QVERIFY(m_tpm.persistentHandles().find("0x81010001") == std::string::npos);
    }

    void aSecondStationIsLetGoWhileOneIsServed()
    {
        const AgentProcess agent{m_tpm.address()};
        const auto first = connectTo(agent.address());
        QCOMPARE(answerTo(*first, getRandom()), 0U);
        const auto second = connectTo(agent.address());
        QVERIFY(isClosed(*second));
        QCOMPARE(answerTo(*first, getRandom()), 0U);
    }

    /// The end of a station's own last line must not refuse it.
    void aStationThatConnectsAgainIsServed()
    {
        const AgentProcess agent{m_tpm.address()};
        for (int i = 0; i < 50; ++i) {
            const auto line = connectTo(agent.address());
            QCOMPARE(answerTo(*line, i % 2 == 0 ? createPrimary() : startSession()), 0U);
        }
        QVERIFY(loadedAt(m_tpm.address()).empty());
    }

    /// The TPM is still at work for the first as the second comes and goes: neither refuses the third.
    void aStationThatHungUpIsInNobodysWay()
    {
        const TpmRelay slow{m_tpm.address(), {.instead = {}, .reply = [](std::uint32_t code, Bytes response) {
                                                  const bool key = code == tpm::command_code::kCreatePrimary;
                                                  return RelayReply{std::move(response), key ? 1s : 0s};
                                              }}};
        const AgentProcess agent{slow.address()};
        {
            const auto first = connectTo(agent.address());
            QCOMPARE(answerTo(*first, getRandom()), 0U);
            must(first->send(createPrimary(), soon()));
        }
        for (int i = 0; i < 3; ++i) {
            must(connectTo(agent.address())->send(getRandom(), soon()));
        }
        const auto last = connectTo(agent.address());
        QCOMPARE(answerTo(*last, getRandom()), 0U);
        QVERIFY(isClosed(*connectTo(agent.address())));
    }

    void aStationThatIsKilledLeavesNothing_data()
    {
        QTest::addColumn<Bytes>("last");
        QTest::newRow("between two commands") << Bytes{};
        QTest::newRow("while the TPM makes a key") << createPrimary();
        QTest::newRow("within a command") << Bytes{std::byte{0x80}, std::byte{1}};
        QTest::newRow("with commands that were not looked at")
            << concat({createPrimary(), startSession(), createPrimary()});
    }
    void aStationThatIsKilledLeavesNothing()
    {
        QFETCH(const Bytes, last);
        const AgentProcess agent{m_tpm.address()};
        {
            const auto line = connectTo(agent.address());
            QCOMPARE(answerTo(*line, startSession()), 0U);
            QCOMPARE(answerTo(*line, createPrimary()), 0U);
            must(line->send(last, soon()));
        }
        QVERIFY(loadedAt(m_tpm.address()).empty());
        const auto next = connectTo(agent.address());
        QCOMPARE(answerTo(*next, getRandom()), 0U);
    }

    /// What lay in the TPM before is somebody else's.
    void whatTheStationDidNotLoadStays()
    {
        std::uint32_t other = 0;
        {
            const auto direct = connectTo(m_tpm.address());
            other = handleIn(ask(*direct, startSession()));
        }
        const AgentProcess agent{m_tpm.address()};
        {
            const auto line = connectTo(agent.address());
            QCOMPARE(answerTo(*line, startSession()), 0U);
        }
        QVERIFY(loadedAt(m_tpm.address()) == tpm::LoadedHandles{other});
        const auto direct = connectTo(m_tpm.address());
        QCOMPARE(answerTo(*direct, flushContext(other)), 0U);
    }

    void aStationThatIsSilentFreesTheLine_data()
    {
        QTest::addColumn<Bytes>("last");
        QTest::newRow("between two commands") << Bytes{};
        QTest::newRow("within a command") << Bytes{std::byte{0x80}, std::byte{1}};
    }
    void aStationThatIsSilentFreesTheLine()
    {
        QFETCH(const Bytes, last);
        const AgentProcess agent{m_tpm.address(), {QStringLiteral("--idle-seconds"), QStringLiteral("1")}};
        const auto line = connectTo(agent.address());
        QCOMPARE(answerTo(*line, createPrimary()), 0U);
        must(line->send(last, soon()));
        QVERIFY(isClosed(*line));
        QVERIFY(loadedAt(m_tpm.address()).empty());
        QCOMPARE(answerTo(*connectTo(agent.address()), getRandom()), 0U);
    }

    /// A cable that was cut, a station without power: its end of the connection is taken away without a word to the agent.
    void aStationThatIsGoneWithoutAWordIsNoticed()
    {
        const AgentProcess agent{m_tpm.address(), {QStringLiteral("--idle-seconds"), QStringLiteral("3600")}};
        auto station = socketTo(agent.port());
        const auto command = startSession();
        QCOMPARE(::write(station.fd(), command.data(), command.size()), static_cast<ssize_t>(command.size()));
        Bytes response(tpm::kHeaderSize);
        QCOMPARE(::recv(station.fd(), response.data(), response.size(), MSG_WAITALL), ssize_t{tpm::kHeaderSize});
        if (!takeAway(std::move(station))) {
            QSKIP("this account may not take a connection away silently (CAP_NET_ADMIN)");
        }
        QVERIFY(loadedAt(m_tpm.address()).empty());
        QCOMPARE(answerTo(*connectTo(agent.address()), getRandom()), 0U);
    }

    void whatIsNoCommandEndsTheLineAlone_data()
    {
        QTest::addColumn<Bytes>("bytes");
        QTest::newRow("text") << toBytes(asBytes("GET / HTTP/1.1\r\nHost: agent\r\n\r\n"));
        QTest::newRow("endless bytes") << junk(std::size_t{8} << 20U);
        auto oversize = plainFrame(tpm::command_code::kGetRandom, junk(std::size_t{1} << 20U));
        QTest::newRow("a command of a mebibyte") << oversize;
    }
    void whatIsNoCommandEndsTheLineAlone()
    {
        QFETCH(const Bytes, bytes);
        const AgentProcess agent{m_tpm.address()};
        const auto line = connectTo(agent.address());
        QCOMPARE(answerTo(*line, startSession()), 0U);
        [[maybe_unused]] const auto sent = line->send(bytes, soon()); // the agent does not take them all
        QVERIFY(isClosed(*line));
        QVERIFY(loadedAt(m_tpm.address()).empty());
        QCOMPARE(answerTo(*connectTo(agent.address()), getRandom()), 0U);
    }

    /// Lines that are cut anywhere, and one on which the agent refuses and answers without end.
    void nothingAddsUp()
    {
        const AgentProcess agent{m_tpm.address()};
        const auto session =
            concat({tpm::encodeAgentQuestion(), startSession(), getRandom(), createPrimary(), clearTpm()});
        std::minstd_rand random{20261130};
        const auto cut = [&] {
            const auto line = connectTo(agent.address());
            must(line->send(ByteView{session}.first(1 + random() % session.size()), soon()));
        };
        cut();
        const auto before = [&] {
            const auto line = connectTo(agent.address());
            return answerTo(*line, getRandom()) == 0 ? useOf(agent.processId()) : Use{};
        }();
        for (int i = 0; i < 200; ++i) {
            cut();
        }
        {
            const auto line = connectTo(agent.address());
            for (int i = 0; i < 2'000; ++i) {
                QCOMPARE(answerTo(*line, i % 10 == 0 ? getRandom() : clearTpm()), i % 10 == 0 ? 0U : kUnknownCommand);
            }
            const auto during = useOf(agent.processId());
            QCOMPARE(during.descriptors, before.descriptors); // both with a line and a TPM that is open
            QVERIFY(during.resident < before.resident + kMostGrowth);
        }
        QVERIFY(loadedAt(m_tpm.address()).empty());
    }

    void theEndOfTheAgentFlushes()
    {
        AgentProcess agent{m_tpm.address()};
        const auto line = connectTo(agent.address());
        QCOMPARE(answerTo(*line, startSession()), 0U);
        QCOMPARE(answerTo(*line, createPrimary()), 0U);
        must(line->send(createPrimary(), soon())); // may be under way as the signal comes
        agent.askToEnd();
        QCOMPARE(agent.awaitEnd(), std::optional{0});
        QVERIFY(loadedAt(m_tpm.address()).empty());
    }

    void standardStreamsServeOneStation()
    {
        BoundProcess agent;
        agent.start(AgentProcess::program(),
                    {QStringLiteral("--tpm"), QString::fromStdString(m_tpm.address()), QStringLiteral("--stdio")});
        const auto commands = concat({tpm::encodeAgentQuestion(), startSession(), getRandom()});
        agent.write(asText(commands).data(), static_cast<qint64>(commands.size()));
        agent.closeWriteChannel();
        QVERIFY(agent.waitForFinished());
        QCOMPARE(agent.exitCode(), 0);
        const auto output = agent.readAllStandardOutput();
        const auto heard = toBytes(asBytes({output.constData(), static_cast<std::size_t>(output.size())}));
        const auto first = must(tpm::announcedSize(heard));
        QCOMPARE(must(tpm::parseAgentAnswer(ByteView{heard}.first(first))).tpm, m_tpm.address());
        const auto rest = ByteView{heard}.subspan(first);
        QCOMPARE(codeOf(rest.subspan(must(tpm::announcedSize(rest)))), 0U); // of TPM2_GetRandom
        QVERIFY(loadedAt(m_tpm.address()).empty());
    }

    void saysByItsExitStatusWhatIsWrong_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        const auto tpm = QString::fromStdString(m_tpm.address());
        const QStringList good{QStringLiteral("--tpm"), tpm, QStringLiteral("--listen"),
                               QStringLiteral("tcp://127.0.0.1:0")};
        QTest::newRow("help") << QStringList{QStringLiteral("--help")} << 0;
        QTest::newRow("nothing") << QStringList{} << 2;
        QTest::newRow("no line") << good.mid(0, 2) << 2;
        QTest::newRow("an empty TPM") << QStringList{QStringLiteral("--tpm"), QString{}} + good.mid(2) << 2;
        QTest::newRow("TLS without keys") << good.mid(0, 3) + QStringList{QStringLiteral("tls://127.0.0.1:0")} << 2;
        QTest::newRow("everybody") << good.mid(0, 3) + QStringList{QStringLiteral("tcp://0.0.0.0:0")} << 2;
        QTest::newRow("no TPM there") << QStringList{QStringLiteral("--tpm"), QStringLiteral("dev:///dev/tpmrm-none")} +
                                             good.mid(2)
                                      << 12;
        QTest::newRow("no serial number")
            << good + QStringList{QStringLiteral("--serial-number-file"), QStringLiteral("/none")} << 12;
        QTest::newRow("an address of another machine")
            << good.mid(0, 3) + QStringList{QStringLiteral("tcp://192.0.2.1:0"), QStringLiteral("--allow-network")}
            << 12;
    }
    void saysByItsExitStatusWhatIsWrong()
    {
        QFETCH(const QStringList, arguments);
        QFETCH(const int, status);
        BoundProcess agent;
        agent.start(AgentProcess::program(), arguments);
        QVERIFY(agent.waitForFinished());
        QCOMPARE(agent.exitStatus(), QProcess::NormalExit);
        QCOMPARE(agent.exitCode(), status);
        QCOMPARE(agent.readAllStandardError().isEmpty(), status == 0);
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_agent_process)
#include "tst_agent_process.moc"

#include "core/base/station_code.h"
#include "tests/app/agent/agent_talk.h"
#include "tests/support/serial_cable.h"
#include "tests/support/tpm_relay.h"

#include <QTest>

namespace enroll::test {

using namespace std::chrono_literals;

namespace {

/// For a line that loses what is sent: some commands are repeated more than once.
tpm::CommandDeadlines patient()
{
    auto deadlines = testDeadlines();
    deadlines.connect = std::chrono::seconds{20};
    deadlines.normal = std::chrono::seconds{30};
    deadlines.createKey = std::chrono::seconds{60};
    deadlines.run = std::chrono::seconds{240};
    return deadlines;
}

/// What is loaded in the TPM, asked for over the line.
tpm::LoadedHandles loadedBehind(const SerialCable& cable)
{
    auto exchange = exchangeWith(cable.address());
    return must(tpm::readLoadedHandles(exchange));
}

} // namespace

/// `enroll-agent --serial` as a process before a software TPM, and a station at the other end of a cable that damages what it carries.
class tst_agent_serial : public QObject {
    Q_OBJECT

    SwtpmFixture m_tpm;

    [[nodiscard]] AgentProcess agentAt(const SerialCable& cable, const QStringList& arguments = {}) const
    {
        return AgentProcess{m_tpm.address(), arguments, cable.agentPath()};
    }

private Q_SLOTS:
    void anAttestationOverTheLineIsTheOneOverTcp_data()
    {
        QTest::addColumn<LineFaults>("faults");
        QTest::newRow("a good line") << LineFaults{};
        QTest::newRow("now and then") << LineFaults{.lostBytes = 20,
                                                    .doubledBytes = 10,
                                                    .turnedBytes = 20,
                                                    .addedBytes = 10,
                                                    .lostFrames = 5'000,
                                                    .doubledFrames = 5'000};
        QTest::newRow("often") << LineFaults{.lostBytes = 60,
                                             .doubledBytes = 40,
                                             .turnedBytes = 60,
                                             .addedBytes = 40,
                                             .lostFrames = 20'000,
                                             .doubledFrames = 20'000,
                                             .textBefore = 20'000};
        QTest::newRow("very often") << LineFaults{.lostBytes = 150,
                                                  .doubledBytes = 100,
                                                  .turnedBytes = 150,
                                                  .addedBytes = 100,
                                                  .lostFrames = 50'000,
                                                  .doubledFrames = 50'000,
                                                  .textBefore = 50'000,
                                                  .textWithin = 10'000};
    }
    void anAttestationOverTheLineIsTheOneOverTcp()
    {
        QFETCH(const LineFaults, faults);
        const auto overTcp = [this] {
            const AgentProcess agent{m_tpm.address()};
            return attestAt(agent.address());
        }();
        const SerialCable cable{faults, 20'261'130};
        auto agent = agentAt(cable);
        const auto overTheLine = attestAt(cable.address(), {}, patient());
        QCOMPARE(cable.damages() > 0, QTest::currentDataTag() != std::string_view{"a good line"});
        QVERIFY(overTheLine.identity == overTcp.identity);
        QVERIFY(overTheLine.endorsementKey == overTcp.endorsementKey);
        QCOMPARE(overTheLine.certificates, overTcp.certificates);
        QCOMPARE(overTheLine.storageRootKey, overTcp.storageRootKey);
        QCOMPARE(overTheLine.commands, overTcp.commands);
        QVERIFY(overTcp.proven && overTheLine.proven);
        QCOMPARE(agent.terminate(), std::optional{0});
        QVERIFY(loadedAt(m_tpm.address()).empty());
    }

    void whatDestroysReachesTheTpmWithItsFlagAlone()
    {
        const SerialCable cable;
        const auto agent = agentAt(cable);
        const auto line = connectTo(cable.address());
        QCOMPARE(answerTo(*line, clearTpm()), kUnknownCommand);
        QCOMPARE(answerTo(*line, evictControl(0x81010001, 0x81010001)), kUnknownCommand);
        QCOMPARE(answerTo(*line, getRandom()), 0U); // the session goes on
    }

    void aSecondStationIsRefusedWhileOneIsServed()
    {
        const SerialCable cable;
        const auto agent = agentAt(cable);
        const auto first = connectTo(cable.address());
        QCOMPARE(answerTo(*first, getRandom()), 0U);
        const auto second = lineTo(cable.address());
        QVERIFY(!second.ok());
        QCOMPARE(second.error().code, ErrorCode{StationCode::StationCannotReachPort});
        QCOMPARE(answerTo(*first, getRandom()), 0U);
    }

    void aStationThatConnectsAgainIsServed()
    {
        const SerialCable cable;
        const auto agent = agentAt(cable);
        for (int i = 0; i < 6; ++i) {
            const auto line = connectTo(cable.address());
            QCOMPARE(answerTo(*line, i % 2 == 0 ? createPrimary() : startSession()), 0U);
        }
        QVERIFY(loadedBehind(cable).empty());
    }

    /// It says no goodbye: the next session ends its own.
    void whatAStationLeftIsFlushedBeforeTheNextOne()
    {
        SerialCable cable;
        const auto agent = agentAt(cable);
        const auto line = connectTo(cable.address());
        QCOMPARE(answerTo(*line, startSession()), 0U);
        QCOMPARE(answerTo(*line, createPrimary()), 0U);
        cable.unplugStation();
        cable.plugInStation();
        QVERIFY(loadedBehind(cable).empty());
    }

    void aSilentStationIsLetGo()
    {
        const SerialCable cable;
        auto agent = agentAt(cable, {QStringLiteral("--idle-seconds"), QStringLiteral("1")});
        auto line = connectTo(cable.address());
        QCOMPARE(answerTo(*line, startSession()), 0U);
        QVERIFY(agent.says("nothing for too long"));
        QVERIFY(loadedAt(m_tpm.address()).empty());
        must(line->send(getRandom(), soon()));
        QVERIFY(isClosed(*line)); // the agent refuses what belongs to a session that is over
        line.reset();
        QCOMPARE(answerTo(*connectTo(cable.address()), getRandom()), 0U);
    }

    void whatIsNoCommandEndsTheSession_data()
    {
        QTest::addColumn<Bytes>("sent");
        QTest::newRow("noise") << Bytes(64, std::byte{0x47});
        QTest::newRow("half a command") << toBytes(ByteView{getRandom()}.first(10));
    }
    void whatIsNoCommandEndsTheSession()
    {
        QFETCH(const Bytes, sent);
        const SerialCable cable;
        const auto agent = agentAt(cable);
        const auto line = connectTo(cable.address());
        QCOMPARE(answerTo(*line, startSession()), 0U);
        must(line->send(sent, soon()));
        QVERIFY(isClosed(*line));
        QVERIFY(loadedAt(m_tpm.address()).empty());
    }

    void aDeviceThatIsTakenOutIsCalledSo()
    {
        SerialCable cable;
        const auto agent = agentAt(cable);
        const auto device = tpmAt(cable.address(), {}, patient());
        must(device->connect());
        cable.unplugStation();
        const auto read = device->readEndorsementKey({});
        QVERIFY(!read.ok());
        QCOMPARE(read.error().code, ErrorCode{DeviceCode::DeviceRemoved});
    }

    void theAgentOutlivesItsLine()
    {
        SerialCable cable;
        auto agent = agentAt(cable);
        const auto line = connectTo(cable.address());
        QCOMPARE(answerTo(*line, startSession()), 0U);
        QCOMPARE(answerTo(*line, createPrimary()), 0U);
        cable.unplugAgent();
        QVERIFY(agent.says("unplugged"));
        QVERIFY(loadedAt(m_tpm.address()).empty());
        QVERIFY(agent.says("waits for the line"));
        cable.plugInAgent();
        must(line->send(getRandom(), soon()));
        QVERIFY(isClosed(*line)); // of a session that the agent does not know any more
        cable.unplugStation();
        cable.plugInStation();
        QCOMPARE(answerTo(*connectTo(cable.address()), getRandom()), 0U);
        QCOMPARE(agent.terminate(), std::optional{0});
    }

    /// The station asks again meanwhile, more than once.
    void aCommandThatTakesLongRunsOnce()
    {
        std::atomic<int> runs{0};
        const TpmRelay slow{m_tpm.address(), {.instead = {}, .reply = [&](std::uint32_t code, Bytes response) {
                                                  const bool isKey = code == tpm::command_code::kCreatePrimary;
                                                  runs += isKey ? 1 : 0;
                                                  return RelayReply{std::move(response), isKey ? 2s : 0s};
                                              }}};
        const SerialCable cable;
        AgentProcess agent{slow.address(), {}, cable.agentPath()};
        const auto line = connectTo(cable.address());
        QCOMPARE(answerTo(*line, createPrimary()), 0U);
        QCOMPARE(answerTo(*line, getRandom()), 0U); // and no repetition is in its way
        QCOMPARE(runs.load(), 1);
        QCOMPARE(agent.terminate(), std::optional{0}); // the key is flushed
    }

    void aLineThatGoesWhileTheTpmIsAtWorkLeavesNothing()
    {
        std::atomic<bool> isAtWork{false};
        const TpmRelay slow{m_tpm.address(), {.instead = {}, .reply = [&](std::uint32_t code, Bytes response) {
                                                  const bool isKey = code == tpm::command_code::kCreatePrimary;
                                                  isAtWork = isAtWork || isKey;
                                                  return RelayReply{std::move(response), isKey ? 1s : 0s};
                                              }}};
        SerialCable cable;
        AgentProcess agent{slow.address(), {}, cable.agentPath()};
        const auto line = connectTo(cable.address());
        QCOMPARE(answerTo(*line, startSession()), 0U);
        must(line->send(createPrimary(), soon()));
        QTRY_VERIFY(isAtWork);
        cable.unplugAgent();
        QVERIFY(agent.says("unplugged"));
        QCOMPARE(agent.terminate(), std::optional{0});
        QVERIFY(loadedAt(m_tpm.address()).empty());
    }

    void anAgentThatWasStartedAgainRunsNothingOfTheSessionBefore()
    {
        const SerialCable cable;
        std::optional<AgentProcess> agent{agentAt(cable)};
        const auto line = connectTo(cable.address());
        QCOMPARE(answerTo(*line, startSession()), 0U);
        QCOMPARE(agent->terminate(), std::optional{0});
        agent.emplace(m_tpm.address(), QStringList{}, cable.agentPath());
        must(line->send(startSession(), soon()));
        QVERIFY(isClosed(*line));
        QVERIFY(loadedAt(m_tpm.address()).empty());
    }

    void aSignalEndsTheAgentAndWhatWasLoadedIsFlushed()
    {
        const SerialCable cable;
        auto agent = agentAt(cable);
        const auto line = connectTo(cable.address());
        QCOMPARE(answerTo(*line, startSession()), 0U);
        QCOMPARE(answerTo(*line, createPrimary()), 0U);
        must(line->send(createPrimary(), soon())); // may be under way as the signal comes
        agent.askToEnd();
        QCOMPARE(agent.awaitEnd(), std::optional{0});
        QVERIFY(loadedAt(m_tpm.address()).empty());
    }

    void aSignalEndsAnAgentThatWaitsForItsLine()
    {
        SerialCable cable;
        auto agent = agentAt(cable);
        cable.unplugAgent();
        QVERIFY(agent.says("waits for the line"));
        QCOMPARE(agent.terminate(), std::optional{0});
    }

    void noAgentStartsOnALineThatIsInUse()
    {
        const SerialCable cable;
        const auto first = agentAt(cable);
        BoundProcess second;
        second.start(AgentProcess::program(), {QStringLiteral("--tpm"), QString::fromStdString(m_tpm.address()),
                                               QStringLiteral("--serial"), cable.agentPath()});
        QVERIFY(second.waitForFinished());
        QCOMPARE(second.exitCode(), 12);
        QVERIFY(second.readAllStandardError().contains("used by another program"));
        QCOMPARE(answerTo(*connectTo(cable.address()), getRandom()), 0U);
    }

    void saysByItsExitStatusWhatIsWrong_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        const auto line = QStringLiteral("--serial");
        QTest::newRow("no serial line") << QStringList{line, QStringLiteral("/dev/null")} << 12;
        QTest::newRow("no such line") << QStringList{line, QStringLiteral("/dev/no-such-line")} << 12;
        QTest::newRow("no device") << QStringList{line, QStringLiteral("/etc/passwd")} << 2;
        QTest::newRow("odd rate") << QStringList{line, QStringLiteral("/dev/null"), QStringLiteral("--baud"),
                                                 QStringLiteral("7")}
                                  << 2;
        QTest::newRow("two places") << QStringList{line, QStringLiteral("/dev/null"), QStringLiteral("--stdio")} << 2;
    }
    void saysByItsExitStatusWhatIsWrong()
    {
        QFETCH(const QStringList, arguments);
        QFETCH(const int, status);
        BoundProcess agent;
        agent.start(AgentProcess::program(),
                    QStringList{QStringLiteral("--tpm"), QString::fromStdString(m_tpm.address())} + arguments);
        QVERIFY(agent.waitForFinished());
        QCOMPARE(agent.exitCode(), status);
        QVERIFY(!agent.readAllStandardError().isEmpty());
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_agent_serial)
#include "tst_agent_serial.moc"

#include "app/agent/tpm_relay.h"
#include "core/system/write_signals.h"
#include "tests/app/agent/relay_bench.h"

#include <QTest>

#include <random>

namespace enroll::test {
namespace {

using namespace app::agent;

constexpr std::uint32_t kUnknownCommand = 0x143; // TPM_RC_COMMAND_CODE

Bytes hex(const char* text)
{
    return must(fromHex(text));
}

} // namespace

class tst_tpm_relay : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { system::ignoreSignalsOfWrites(); }

    void commandAndResponsePassAsTheyAre()
    {
        RelayBench bench;
        QCOMPARE(bench.serve(getRandom()).end, LineEnd::HungUp);
        QVERIFY(bench.tpm.heard == std::vector<Bytes>{getRandom()});
        QVERIFY(bench.heard() == plainFrame(0, ByteWriter{}.sized(asBytes("random")).view()));
    }

    void severalCommandsAreAnsweredInTheirOrder()
    {
        RelayBench bench;
        QCOMPARE(bench.serve(concat({getRandom(), tpm::encodeAgentQuestion(), getRandom(1)})).end, LineEnd::HungUp);
        QCOMPARE(bench.tpm.opened, 1);
        QVERIFY((bench.tpm.heard == std::vector<Bytes>{getRandom(), getRandom(1)}));
        QCOMPARE(codeOf(bench.heard()), 0U);
        QCOMPARE(must(tpm::parseAgentAnswer(bench.heard())).serialNumber, std::string{"GX-000183"});
        QCOMPARE(codeOf(bench.heard()), 0U);
    }

    void theAgentAnswersForItselfWithoutTheTpm()
    {
        RelayBench bench;
        bench.tpmIsThere = false;
        QCOMPARE(bench.serve(tpm::encodeAgentQuestion()).end, LineEnd::HungUp);
        QCOMPARE(bench.tpm.opened, 0);
        const tpm::AgentAnnouncement expected{tpm::kAgentProtocol, "GX-000183", kPlayedNode};
        QVERIFY(must(tpm::parseAgentAnswer(bench.heard())) == expected);
    }

    void aQuestionThatIsNoneIsRefused()
    {
        RelayBench bench;
        QCOMPARE(bench.serve(plainFrame(tpm::command_code::kAgentQuestion)).end, LineEnd::HungUp);
        QCOMPARE(codeOf(bench.heard()), kUnknownCommand);
        QCOMPARE(bench.tpm.opened, 0);
    }

    void whatIsNotAllowedIsAnsweredByTheAgent()
    {
        RelayBench bench;
        QCOMPARE(bench.serve(concat({clearTpm(), evictControl(0x81010001, 0x81010001), getRandom()})).end,
                 LineEnd::HungUp);
        QVERIFY(bench.tpm.heard == std::vector<Bytes>{getRandom()});
        QVERIFY(bench.heard() == plainFrame(kUnknownCommand));
        QVERIFY(bench.heard() == plainFrame(kUnknownCommand));
        QCOMPARE(codeOf(bench.heard()), 0U); // the line goes on
    }

    void whatAFlagNamesPasses()
    {
        RelayBench bench;
        bench.permitted = {0x126};
        QCOMPARE(bench.serve(clearTpm()).end, LineEnd::HungUp);
        QVERIFY(bench.tpm.heard == std::vector<Bytes>{clearTpm()});
    }

    void whatTheStationLeftIsFlushed()
    {
        RelayBench bench;
        bench.tpm.loaded = {0x80FFFFFF}; // somebody else's
        QCOMPARE(bench.serve(concat({createPrimary(), startSession(), createPrimary(), flushContext(0x80000000)})).end,
                 LineEnd::HungUp);
        QVERIFY(bench.tpm.loaded == std::set{0x80FFFFFFU});
        QVERIFY(bench.tpm.heard.back() == flushContext(0x02000001)); // objects before sessions
    }

    void whatIsLoadedIsFlushedHoweverTheLineEnds_data()
    {
        QTest::addColumn<Bytes>("then");
        QTest::addColumn<LineEnd>("end");
        QTest::newRow("silence") << Bytes{} << LineEnd::Silent;
        QTest::newRow("half a header") << hex("8001") << LineEnd::HalfCommand;
        QTest::newRow("half a command") << hex("80010000000c0000017b00") << LineEnd::HalfCommand;
        QTest::newRow("text") << toBytes(asBytes("GET / HTTP/1.1\r\n\r\n")) << LineEnd::NoCommand;
        QTest::newRow("too long") << hex("8001000010010000017b") << LineEnd::NoCommand;
        QTest::newRow("longest number") << hex("8001ffffffff0000017b") << LineEnd::NoCommand;
        QTest::newRow("shorter than its header") << hex("8001000000090000017b") << LineEnd::NoCommand;
        QTest::newRow("of a TPM 1.2") << hex("00c10000000a00000065") << LineEnd::NoCommand;
    }
    void whatIsLoadedIsFlushedHoweverTheLineEnds()
    {
        QFETCH(const Bytes, then);
        QFETCH(const LineEnd, end);
        RelayBench bench;
        QVERIFY(bench.say(concat({createPrimary(), startSession(), then})));
        const auto report = bench.serve();
        QCOMPARE(report.end, end);
        QVERIFY(!report.why.empty());
        QVERIFY(bench.tpm.loaded.empty());
    }

    void aStationThatHangsUpWithinACommandIsToldFromOneBetweenTwo()
    {
        RelayBench bench;
        QCOMPARE(bench.serve(hex("80010000000c0000017b00")).end, LineEnd::HalfCommand);
    }

    void theLongestCommandPassesAndNothingIsKeptOfIt()
    {
        RelayBench bench;
        const auto longest = plainFrame(tpm::command_code::kGetRandom, Bytes(tpm::kLongestFrame - tpm::kHeaderSize));
        QCOMPARE(bench.serve(longest).end, LineEnd::HungUp);
        QVERIFY(bench.tpm.heard == std::vector<Bytes>{longest});
    }

    /// The station waits and sends again, and counts it: nothing is sent twice here.
    void aTpmThatSaysNotNowIsTheStationsToHear()
    {
        RelayBench bench;
        bench.tpm.instead = {plainFrame(0x922)};
        QCOMPARE(bench.serve(getRandom()).end, LineEnd::HungUp);
        QCOMPARE(bench.tpm.heard.size(), std::size_t{1});
        QVERIFY(bench.heard() == plainFrame(0x922));
    }

    void aFlushThatIsPutOffIsTriedAgain()
    {
        RelayBench bench;
        QVERIFY(bench.say(createPrimary()));
        bench.hangUp();
        auto& tpm = bench.tpm;
        const auto loads = tpm.respond(createPrimary());
        tpm.heard.clear();
        tpm.instead = {loads, plainFrame(0x922), plainFrame(0x922)};
        QCOMPARE(bench.serve().end, LineEnd::HungUp);
        QVERIFY(tpm.loaded.empty());
        QCOMPARE(tpm.heard.size(), std::size_t{4}); // the key, two flushes in vain, the flush
    }

    void aTpmThatIsSilentOrTalksNonsenseEndsTheLine_data()
    {
        QTest::addColumn<Bytes>("response");
        QTest::newRow("silence") << Bytes{};
        QTest::newRow("text") << toBytes(asBytes("HTTP/1.1 400 Bad Request\r\n\r\n"));
        QTest::newRow("a success without its parameter") << plainFrame(0);
    }
    void aTpmThatIsSilentOrTalksNonsenseEndsTheLine()
    {
        QFETCH(const Bytes, response);
        RelayBench bench;
        bench.tpm.instead = {response};
        QCOMPARE(bench.serve(getRandom()).end, LineEnd::TpmFault);
        QVERIFY(bench.heard().empty());
    }

    /// The line to the TPM is of no use any more, and what was loaded before is known.
    void whatWasLoadedIsFlushedAlsoWhereTheTpmsLineBroke()
    {
        RelayBench bench;
        QVERIFY(bench.say(concat({createPrimary(), startSession(), getRandom()})));
        auto& tpm = bench.tpm;
        const auto key = tpm.respond(createPrimary());
        const auto session = tpm.respond(startSession());
        tpm.heard.clear();
        tpm.instead = {key, session, toBytes(asBytes("HTTP/1.1 400 Bad Request\r\n\r\n"))};
        QCOMPARE(bench.serve().end, LineEnd::TpmFault);
        QCOMPARE(tpm.opened, 2);
        QVERIFY(tpm.loaded.empty());
    }

    void aTpmThatIsNotThereEndsTheLine()
    {
        RelayBench bench;
        bench.tpmIsThere = false;
        QCOMPARE(bench.serve(getRandom()).end, LineEnd::TpmFault);
    }

    void aStationThatTakesNoResponseIsLetGo()
    {
        RelayBench bench;
        QVERIFY(::fcntl(bench.near.out.fd(), F_SETPIPE_SZ, 1) > 0); // the system makes it the least there is
        const auto longest = plainFrame(0, ByteWriter{}.sized(Bytes(64)).view());
        for (int i = 0; i < 500; ++i) {
            QVERIFY(bench.say(getRandom()));
            bench.tpm.instead.push_back(longest);
        }
        QCOMPARE(bench.serve().end, LineEnd::Broke);
    }

    void aStationThatIsGoneIsNoSignal()
    {
        RelayBench bench;
        QVERIFY(bench.say(createPrimary()));
        bench.far = {};
        QCOMPARE(bench.serve().end, LineEnd::Broke); // of the response
        QVERIFY(bench.tpm.loaded.empty());
    }

    void aStationThatLoadsWithoutEndIsLetGo()
    {
        RelayBench bench;
        Bytes many;
        for (std::size_t i = 0; i < LineAccount::kMostLoaded + 10; ++i) {
            many = concat({many, startSession()});
        }
        QCOMPARE(bench.serve(many).end, LineEnd::TooMuch);
        QVERIFY(bench.tpm.loaded.empty());
    }

    void aStopEndsTheLineAndFlushes()
    {
        RelayBench bench;
        QVERIFY(bench.say(createPrimary()));
        bench.stop.raise();
        QCOMPARE(bench.serve().end, LineEnd::Stopped); // it was raised before the first command
        QCOMPARE(bench.tpm.opened, 0);
    }

    /// Random bytes, and good commands with random codes: no code gets through that the gate does not let through.
    void theGateIsNeverPassed()
    {
        std::minstd_rand random{20261130};
        for (int round = 0; round < 200; ++round) {
            RelayBench bench;
            Bytes bytes;
            for (int i = 0; i < 40; ++i) {
                const auto code = static_cast<std::uint32_t>(random() % 4 == 0 ? random() : 0x11F + random() % 0x80);
                const Bytes rest(random() % 40, static_cast<std::byte>(random()));
                bytes =
                    concat({bytes, frameOf(random() % 2 == 0 ? tpm::kTagSessions : tpm::kTagNoSessions, code, rest)});
            }
            [[maybe_unused]] const auto report = bench.serve(bytes);
            for (const auto& command : bench.tpm.heard) {
                const auto header = must(tpm::parseCommandHeader(command));
                QVERIFY(CommandGate{{}}.lets(header, command, {}));
            }
        }
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_tpm_relay)
#include "tst_tpm_relay.moc"

#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/tpm/agent_announcement.h"
#include "core/tpm/command_table.h"
#include "core/tpm/tpm_exchange.h"
#include "tests/support/must.h"
#include "tests/support/scripted_channel.h"

#include <QTest>

namespace enroll::test {
namespace {

using namespace tpm;

constexpr auto kNode = "dev:///dev/tpmrm0";

AgentAnnouncement good()
{
    return {kAgentProtocol, "GX-000183", kNode};
}

/// A frame of a right size around \p payload, in hexadecimal.
Bytes framed(const std::string& tag, const std::string& code, const std::string& payload)
{
    const auto size = static_cast<std::uint32_t>(10 + payload.size() / 2);
    return must(fromHex(tag + toHex(ByteWriter{}.u32(size).view()) + code + payload));
}

std::string counted(std::string_view text)
{
    return toHex(ByteWriter{}.sized(asBytes(text)).view());
}

Bytes answer(const std::string& payload)
{
    return framed("8001", "00000000", payload);
}

Bytes answer(std::string_view serial, std::string_view node)
{
    return answer("0001" + counted(serial) + counted(node));
}

/// What askAgent() makes of \p response, which comes whole.
Result<std::optional<AgentAnnouncement>> asked(const Bytes& response)
{
    ScriptedChannel::Script script;
    script.pieces = {response};
    TpmExchange exchange{std::make_unique<ScriptedChannel>(script), {}, {}};
    return askAgent(exchange);
}

} // namespace

class tst_agent_announcement : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theQuestionIsACommandWithoutSessions()
    {
        QCOMPARE(toHex(encodeAgentQuestion()), std::string{"80010000000c0000e5a10001"});
        QCOMPARE(must(parseAgentQuestion(encodeAgentQuestion())), kAgentProtocol);
    }

    /// TPMs look a command up by its low 16 bits, and a vendor may give any meaning to codes with bit 29.
    void theQuestionIsNoCommandOfTheTcgAndOfNoVendor()
    {
        constexpr std::uint32_t kVendor = 1U << 29U;
        constexpr std::uint32_t kLastOfTcg = 0x0FFF; // the library has reached 0x1A3
        QCOMPARE(command_code::kAgentQuestion & kVendor, 0U);
        QVERIFY((command_code::kAgentQuestion & 0xFFFFU) > kLastOfTcg);
        QCOMPARE(command_code::kAgentQuestion >> 16U, 0U);
    }

    void theAnswerIsReadBack()
    {
        const auto bytes = encodeAgentAnswer(good());
        QCOMPARE(toHex(bytes), toHex(answer("GX-000183", kNode)));
        QVERIFY(must(parseAgentAnswer(bytes)) == good());
    }

    void aDeviceMayKnowNoSerialNumber()
    {
        const AgentAnnouncement unnamed{kAgentProtocol, {}, kNode};
        QVERIFY(must(parseAgentAnswer(encodeAgentAnswer(unnamed))) == unnamed);
    }

    void textUpToTheBoundsIsTaken_data()
    {
        QTest::addColumn<std::string>("serial");
        QTest::addColumn<std::string>("node");
        QTest::newRow("longest") << std::string(64, '9') << std::string(512, 'n');
        QTest::newRow("not only ASCII") << std::string{"Ger\xC3\xA4t-7"} << std::string{kNode};
        QTest::newRow("a space inside") << std::string{"GX 000183"} << std::string{kNode};
    }
    void textUpToTheBoundsIsTaken()
    {
        QFETCH(const std::string, serial);
        QFETCH(const std::string, node);
        const auto said = must(parseAgentAnswer(answer(serial, node)));
        QCOMPARE(said.serialNumber, serial);
        QCOMPARE(said.tpm, node);
    }

    void refusesAnAnswerThatBreaksARule_data()
    {
        QTest::addColumn<Bytes>("response");
        const auto good = "0001" + counted("GX-000183") + counted(kNode);
        QTest::newRow("serial number too long") << answer(std::string(65, '9'), kNode);
        QTest::newRow("serial number with an escape") << answer("GX\x1B[2J", kNode);
        QTest::newRow("serial number with a line end") << answer("GX-1\nD-101", kNode);
        QTest::newRow("serial number with a NUL") << answer(std::string{"GX\0001", 4}, kNode);
        QTest::newRow("serial number that is no UTF-8") << answer("GX\xC3", kNode);
        QTest::newRow("serial number that turns the line") << answer("GX\xE2\x80\xAE", kNode);
        QTest::newRow("serial number behind a space") << answer(" GX-000183", kNode);
        QTest::newRow("node too long") << answer("", std::string(513, 'n'));
        QTest::newRow("no node") << answer("GX-000183", "");
        QTest::newRow("node with an escape") << answer("", "/dev/\x1B[2J");
        QTest::newRow("protocol 0") << answer("0000" + good.substr(4));
        QTest::newRow("a byte more") << answer(good + "00");
        QTest::newRow("nothing") << answer("");
        QTest::newRow("half a protocol") << answer("00");
        QTest::newRow("count beyond the end") << answer("0001ffff41");
        QTest::newRow("no node field") << answer("0001" + counted("GX-000183"));
        QTest::newRow("a failure") << framed("8001", "00000143", good);
        QTest::newRow("with sessions") << framed("8002", "00000000", good);
        QTest::newRow("fewer bytes than announced") << must(fromHex("8001000000ff00000000" + good));
        QTest::newRow("half a header") << must(fromHex("80010000"));
        QTest::newRow("no byte") << Bytes{};
    }
    void refusesAnAnswerThatBreaksARule()
    {
        QFETCH(const Bytes, response);
        const auto said = parseAgentAnswer(response);
        QVERIFY(!said.ok());
        QVERIFY(said.error().code == DeviceCode::TpmResponseMalformed);
    }

    /// Every cut of a good answer is refused: no read goes past the end.
    void refusesEveryPartOfAnAnswer()
    {
        const auto whole = encodeAgentAnswer(good());
        for (std::size_t size = 0; size < whole.size(); ++size) {
            QVERIFY(!parseAgentAnswer(ByteView{whole}.first(size)).ok());
            auto shortened = concat({ByteView{whole}.first(size)});
            if (size >= kHeaderSize) { // the size in the header fits what is left
                shortened.at(5) = static_cast<std::byte>(size);
                QVERIFY(!parseAgentAnswer(shortened).ok());
            }
        }
    }

    void aLaterProtocolMayAppend()
    {
        const auto said = must(parseAgentAnswer(answer("0007" + counted("GX-000183") + counted(kNode) + "c0ffee")));
        QCOMPARE(said.protocol, std::uint16_t{7});
        QCOMPARE(said.serialNumber, std::string{"GX-000183"});
        QCOMPARE(must(parseAgentQuestion(framed("8001", "0000e5a1", "0007c0ffee"))), std::uint16_t{7});
    }

    void refusesAQuestionThatIsNone_data()
    {
        QTest::addColumn<Bytes>("command");
        QTest::newRow("no byte") << Bytes{};
        QTest::newRow("no protocol") << framed("8001", "0000e5a1", "");
        QTest::newRow("protocol 0") << framed("8001", "0000e5a1", "0000");
        QTest::newRow("a byte more") << framed("8001", "0000e5a1", "000100");
        QTest::newRow("with sessions") << framed("8002", "0000e5a1", "0001");
        QTest::newRow("another command") << framed("8001", "0000017b", "0001");
        QTest::newRow("fewer bytes than announced") << must(fromHex("8001000000ff0000e5a10001"));
    }
    void refusesAQuestionThatIsNone()
    {
        QFETCH(const Bytes, command);
        const auto protocol = parseAgentQuestion(command);
        QVERIFY(!protocol.ok());
        QVERIFY(protocol.error().code == StationCode::EncodingMalformed);
    }

    void anAgentIsHeard()
    {
        const auto said = must(asked(encodeAgentAnswer(good())));
        QVERIFY(said.has_value());
        QVERIFY(*said == good());
    }

    void aTpmThatRefusesIsNoAgent_data()
    {
        QTest::addColumn<std::string>("code");
        QTest::newRow("a TPM") << std::string{"00000143"};
        QTest::newRow("the kernel's resource manager") << std::string{"000b0143"};
        QTest::newRow("a TPM in failure mode") << std::string{"00000101"};
    }
    void aTpmThatRefusesIsNoAgent()
    {
        QFETCH(const std::string, code);
        QVERIFY(!must(asked(framed("8001", code, ""))).has_value());
    }

    void aHostileAnswerIsAnError_data()
    {
        QTest::addColumn<Bytes>("response");
        QTest::newRow("escape") << answer("GX\x1B[2J", kNode);
        QTest::newRow("nothing said") << answer("");
        QTest::newRow("with sessions") << framed("8002", "00000000", "0001");
        QTest::newRow("no response") << must(fromHex("474554202f20485454502f312e31"));
    }
    void aHostileAnswerIsAnError()
    {
        QFETCH(const Bytes, response);
        const auto said = asked(response);
        QVERIFY(!said.ok());
        QVERIFY(said.error().code == DeviceCode::TpmResponseMalformed);
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_agent_announcement)
#include "tst_agent_announcement.moc"

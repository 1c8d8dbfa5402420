#include "core/attestation/attest_device.h"
#include "core/base/device_code.h"
#include "core/tpm/presence_probe.h"
#include "tests/core/tpm/device_tpm_steps.h"
#include "tests/support/must.h"
#include "tests/support/played_agent.h"
#include "tests/support/swtpm_fixture.h"

#include <QTest>

// What a device says that its serial number is, asked in a look and in a test.

namespace enroll::test {
namespace {

using std::chrono::milliseconds;
using tpm::DeviceAnswer;

constexpr milliseconds kLong{20'000};
constexpr milliseconds kShort{500};

/// Success, with an announcement of protocol 0, which nobody speaks.
Bytes nonsense()
{
    return toBytes(ByteWriter{}.u16(0x8001).u32(12).u32(0).u16(0).view());
}

} // namespace

class tst_announced_device : public QObject {
    Q_OBJECT

    SwtpmFixture m_tpm;

    static std::optional<DeviceAnswer> ask(const std::string& address, milliseconds patience = kLong,
                                           const std::stop_token& stop = {})
    {
        return tpm::askDevice(must(transport::parseDeviceAddress(address)), patience, stop);
    }
    std::optional<DeviceAnswer> askThrough(const RelayReply& reply, milliseconds patience)
    {
        const TpmRelay relay(m_tpm.address(), answering(reply));
        return ask(relay.address(), patience);
    }

private Q_SLOTS:
    void aLookHearsWhatTheAgentSays()
    {
        const TpmRelay relay(m_tpm.address(), saying({"GX-000183"}));
        QVERIFY((ask(relay.address()) == DeviceAnswer{true, "GX-000183"}));
        QCOMPARE(relay.commands(), std::uint64_t{2});
        QCOMPARE(relay.commands(tpm::command_code::kAgentQuestion), std::uint64_t{1});
    }

    void anAgentThatKnowsNoSerialNumberIsThere()
    {
        const TpmRelay relay(m_tpm.address(), saying({""}));
        QVERIFY((ask(relay.address()) == DeviceAnswer{true, ""}));
    }

    void aTpmWithoutAnAgentSaysNothing() { QVERIFY((ask(m_tpm.address()) == DeviceAnswer{true, {}})); }

    void whatIsNoAnnouncementIsNone() { QVERIFY((askThrough({nonsense()}, kLong) == DeviceAnswer{true, {}})); }

    void aLineThatBreaksAtTheQuestionIsNotCertain()
    {
        QVERIFY(!askThrough({{}, {}, RelayReply::Then::Close}, kLong).has_value());
        QVERIFY(!askThrough({{}, {}, RelayReply::Then::Stall}, kShort).has_value());
    }

    void nobodyIsThere()
    {
        SwtpmFixture gone;
        const auto address = gone.address();
        gone.stop();
        QVERIFY(ask(address) == DeviceAnswer{});
        QVERIFY(ask("dev:///dev/no-such-tpm") == DeviceAnswer{});
    }

    void aStopEndsIt()
    {
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!ask(m_tpm.address(), kLong, stop.get_token()).has_value());
    }

    void aTestAsksOnItsOwnLine()
    {
        const TpmRelay relay(m_tpm.address(), saying({"GX-000183", "GX-000184", ""}));
        const auto device = tpmAt(relay.address());
        QVERIFY(!device->announcedSerial().ok()); // not before connect()
        must(device->connect());
        const auto before = device->traffic().commands;
        QVERIFY(must(device->announcedSerial()) == "GX-000183");
        QCOMPARE(device->traffic().commands, before + 1);
        QVERIFY(must(device->announcedSerial()) == "GX-000184");
        QVERIFY(must(device->announcedSerial()) == "");
        QCOMPARE(relay.commands(tpm::command_code::kAgentQuestion), std::uint64_t{3});
        must(device->release());
    }

    void aTestThatWasAnsweredGoesOn()
    {
        for (const bool relayed : {true, false}) {
            const TpmRelay relay(m_tpm.address(), relayed ? saying({"GX-000183"}) : RelayBehaviour{});
            const auto device = tpmAt(relay.address());
            for (int time = 0; time < 2; ++time) {
                must(device->connect());
                QCOMPARE(must(device->announcedSerial()).has_value(), relayed);
            }
            const auto answer = must(attest(*device, asBytes("sign this")));
            QCOMPARE(answer.given, answer.expected);
        }
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }

    void aQuestionWithoutASoundAnswerIsAnError()
    {
        for (const auto then : {RelayReply::Then::Continue, RelayReply::Then::Close}) {
            const TpmRelay relay(m_tpm.address(),
                                 answering({then == RelayReply::Then::Continue ? nonsense() : Bytes{}, {}, then}));
            const auto device = tpmAt(relay.address());
            must(device->connect());
            QVERIFY(!device->announcedSerial().ok());
        }
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_announced_device)
#include "tst_announced_device.moc"

#include "core/tpm/presence_probe.h"
#include "tests/core/transport/far_end.h"
#include "tests/core/transport/waiting.h"
#include "tests/support/must.h"
#include "tests/support/swtpm_fixture.h"
#include "tests/support/tpm_relay.h"

#include <QTest>

#include <filesystem>

using namespace enroll;
using namespace enroll::test;

namespace {

constexpr std::chrono::milliseconds kHalfASecond{500};
constexpr std::uint32_t kGetCapability = 0x0000017A;

std::ptrdiff_t openDescriptors()
{
    return std::distance(std::filesystem::directory_iterator{"/proc/self/fd"}, std::filesystem::directory_iterator{});
}

transport::DeviceAddress at(const std::string& address)
{
    return must(transport::parseDeviceAddress(address));
}

} // namespace

class PresenceProbeTest : public QObject {
    Q_OBJECT

    SwtpmFixture m_tpm;

    std::optional<bool> through(const RelayReply& reply, std::chrono::milliseconds patience)
    {
        const TpmRelay relay(m_tpm.address(), {[&](std::uint32_t) { return std::optional{reply}; }, {}});
        return tpm::tpmAnswers(at(relay.address()), patience, {});
    }

private Q_SLOTS:
    void aTpmAnswersOneQuestion()
    {
        const TpmRelay relay(m_tpm.address(), {});
        QVERIFY(tpm::tpmAnswers(at(relay.address()), kLong, {}) == true);
        QCOMPARE(relay.commands(), std::uint64_t{1});
        QCOMPARE(relay.commands(kGetCapability), std::uint64_t{1});
    }

    void aRefusalIsAnAnswer()
    {
        const Bytes notStarted{std::byte{0x80}, std::byte{0x01}, {}, {}, {}, std::byte{10}, {}, {}, std::byte{1}, {}};
        QVERIFY(through({notStarted}, kLong) == true); // TPM_RC_INITIALIZE
    }

    void aLineThatIsClosedIsNoDevice() { QVERIFY(through({{}, {}, RelayReply::Then::Close}, kLong) == false); }

    void whatIsSilentOrTalksNonsenseIsNotCertain()
    {
        QVERIFY(!through({{}, {}, RelayReply::Then::Stall}, kHalfASecond).has_value());
        QVERIFY(!through({Bytes(10, std::byte{0x55}), {}, RelayReply::Then::Close}, kLong).has_value());
    }

    void nobodyListens()
    {
        SwtpmFixture gone;
        const auto address = gone.address();
        gone.stop();
        QVERIFY(tpm::tpmAnswers(at(address), kLong, {}) == false);
        QVERIFY(tpm::tpmAnswers(at("dev:///dev/no-such-tpm"), kLong, {}) == false); // unplugged, or misspelt
        QVERIFY(!tpm::tpmAnswers(at("dev:///dev/null"), kLong, {}).has_value());
        QVERIFY(tpm::tpmAnswers(at("serial:///dev/no-such-line"), kLong, {}) == false);
        QVERIFY(tpm::nobodyIsAt(at("serial:///dev/no-such-line"), kLong, {}));
        QVERIFY(!tpm::tpmAnswers(at("serial:///dev/null"), kLong, {}).has_value());
    }

    /// Nobody logs in for it: what greets is there.
    void anSshServerThatGreetsIsADevice()
    {
        const auto asked = [](const FarEnd& end, std::chrono::milliseconds patience) {
            return tpm::tpmAnswers(at("ssh://127.0.0.1:" + std::to_string(end.port())), patience, {});
        };
        QVERIFY(asked(FarEnd{saying("SSH-2.0-OpenSSH_9.2\r\n")}, kLong) == true);
        QVERIFY(!asked(FarEnd{saying("220 plant.example\r\n")}, kLong).has_value());
        QVERIFY(!asked(FarEnd{saying({})}, kHalfASecond).has_value());
        QVERIFY(!asked(FarEnd{[](const system::Descriptor&) { return Ended{}; }}, kLong).has_value()); // it is busy
    }

    void nobodyIsWhereNoSshServerListens()
    {
        const HeldPort closed;
        const auto address = at("ssh://127.0.0.1:" + std::to_string(closed.number()));
        QVERIFY(tpm::tpmAnswers(address, kLong, {}) == false);
        QVERIFY(tpm::nobodyIsAt(address, kLong, {}));
        const FarEnd silent{saying({})};
        QVERIFY(!tpm::nobodyIsAt(at("ssh://127.0.0.1:" + std::to_string(silent.port())), kLong, {}));
    }

    /// That a jump host is there, or not, says nothing of the device.
    void aJumpHostIsNoDevice()
    {
        const HeldPort closed;
        const auto address = at("ssh://device.invalid?jump=127.0.0.1:" + std::to_string(closed.number()));
        QVERIFY(tpm::isBehindJumpHost(address));
        QVERIFY(!tpm::nobodyIsAt(address, kLong, {}));
        QVERIFY(!tpm::tpmAnswers(address, kLong, {}).has_value());
        QVERIFY(!tpm::isBehindJumpHost(at("ssh://127.0.0.1")));
    }

    void aStopEndsTheWaitForAGreeting()
    {
        const FarEnd silent{saying({})};
        std::stop_source stop;
        const auto address = at("ssh://127.0.0.1:" + std::to_string(silent.port()));
        std::optional<bool> answer{true};
        auto waiting = Waiting{[&] {
            answer = tpm::tpmAnswers(address, kLong, stop.get_token());
            return std::optional<ErrorCode>{};
        }};
        QTRY_VERIFY(waiting.asleep());
        stop.request_stop();
        QVERIFY(!waiting.code() && !answer.has_value());
    }

    /// A station asks for hours, whether anybody is there or not.
    void nothingStaysOpen()
    {
        SwtpmFixture gone;
        const auto address = gone.address();
        gone.stop();
        const auto ask = [&] {
            tpm::tpmAnswers(at(address), kLong, {});
            tpm::tpmAnswers(at("dev:///dev/no-such-tpm"), kLong, {});
            tpm::tpmAnswers(at(m_tpm.address()), kLong, {});
        };
        ask();
        const auto before = openDescriptors();
        for (int i = 0; i < 50; ++i) {
            ask();
        }
        QCOMPARE(openDescriptors(), before);
    }

    void aStopEndsIt()
    {
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!tpm::tpmAnswers(at(m_tpm.address()), kLong, stop.get_token()).has_value());
    }
};

QTEST_GUILESS_MAIN(PresenceProbeTest)
#include "tst_presence_probe.moc"

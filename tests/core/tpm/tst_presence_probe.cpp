#include "core/tpm/presence_probe.h"
#include "tests/support/must.h"
#include "tests/support/swtpm_fixture.h"
#include "tests/support/tpm_relay.h"

#include <QTest>

#include <filesystem>

using namespace enroll;
using namespace enroll::test;

namespace {

constexpr std::chrono::milliseconds kLong{20'000};
constexpr std::chrono::milliseconds kShort{500};
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
        QVERIFY(!through({{}, {}, RelayReply::Then::Stall}, kShort).has_value());
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

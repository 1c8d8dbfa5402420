#include "core/attestation/attest_device.h"
#include "core/base/device_code.h"
#include "core/tpm/command_table.h"
#include "core/tpm/response_frame.h"
#include "core/transport/open_channel.h"
#include "tests/core/tpm/device_tpm_steps.h"
#include "tests/support/must.h"
#include "tests/support/recording_steps.h"
#include "tests/support/swtpm_fixture.h"
#include "tests/support/tpm_relay.h"

#include <QTest>

// A device that loses its power for a moment while it is tested, and starts its TPM again.

namespace enroll::test {
namespace {

using namespace attestation;
using C = DeviceCode;

constexpr std::uint32_t kStartup = 0x144;

/// Off and on, by swtpm's control channel: CMD_INIT.
void powerOffAndOn(std::uint16_t port)
{
    constexpr std::uint32_t kInit = 2;
    const auto soon = Deadline::in(std::chrono::seconds{5});
    const auto address = "tcp://127.0.0.1:" + std::to_string(port + 1);
    auto control = must(transport::openChannel(must(transport::parseDeviceAddress(address)), soon, {}));
    must(control->send(ByteWriter{}.u32(kInit).u32(0).view(), soon));
    Bytes result(4);
    must(control->receive(result, soon));
}

/// Restarts the TPM before the command number \p at.
RelayBehaviour restarting(std::uint16_t port, int at)
{
    return {
        .instead = {}, .reply = {}, .heard = {}, .forwarded = [=, seen = 0](Bytes command, const AskTpm& ask) mutable {
            if (++seen == at) {
                powerOffAndOn(port);
                ByteWriter startup;
                startup.u16(tpm::kTagNoSessions).u32(tpm::kHeaderSize + 2).u32(kStartup).u16(0);
                static_cast<void>(ask(std::move(startup).take()));
            }
            return command;
        }};
}

} // namespace

class tst_tpm_restart : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRestartIsNoFaultOfTheDevice_data()
    {
        QTest::addColumn<bool>("cold");
        QTest::newRow("storage root key is made") << false;
        QTest::newRow("both keys are made") << true;
    }
    void aRestartIsNoFaultOfTheDevice()
    {
        QFETCH(const bool, cold);
        const SwtpmFixture tpm;
        if (cold) {
            tpm.evict("0x81010001");
        }
        const auto honest = attest(tpm.address(), tpm);
        QCOMPARE(honest.verdict, (Verdict{Outcome::Pass, {}}));
        int restarts = 0;
        for (int at = 2; at <= static_cast<int>(honest.traffic.commands); ++at) {
            const TpmRelay relay{tpm.address(), restarting(tpm.port(), at)};
            const auto report = attest(relay.address(), tpm);
            const auto said = std::to_string(at) + ": " + (report.error ? describeForLog(*report.error) : "no error");
            const bool restarted = report.verdict == Verdict{Outcome::Hold, C::TpmRestarted};
            QVERIFY2(restarted || report.verdict.outcome == Outcome::Pass, said.c_str());
            restarts += restarted ? 1 : 0;
        }
        QVERIFY(restarts > 0);
        QCOMPARE(tpm.loadedHandles(), std::string{});
    }

private:
    static AttestationReport attest(const std::string& address, const SwtpmFixture& tpm)
    {
        AttestationPolicy policy;
        policy.allowSoftware = true;
        auto device = tpmAt(address);
        RecordingSteps steps;
        return attestDevice({policy, tpm.anchors(), utcNow()}, *device, steps, {});
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_tpm_restart)
#include "tst_tpm_restart.moc"

#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/tpm/presence_probe.h"
#include "core/tpm/response_frame.h"
#include "core/transport/open_channel.h"
#include "tests/core/tpm/device_tpm_steps.h"
#include "tests/core/transport/tls_bench.h"
#include "tests/support/swtpm_fixture.h"

#include <QTest>

namespace enroll::test {

using namespace transport;

namespace {

constexpr auto kSasToSign = "0ne00000001%2fregistrations%2fdevice\n1790000000";

using Receive = std::function<Result<std::size_t>(std::span<std::byte>)>;

/// One whole command or response; empty if the line ended before.
Bytes frameFrom(const Receive& receive)
{
    Bytes frame(tpm::kLongestFrame);
    std::size_t count = 0;
    std::size_t whole = tpm::kHeaderSize;
    while (count < whole) {
        const auto got = receive(std::span{frame}.subspan(count, whole - count));
        if (!got.ok() || *got == 0) {
            return {};
        }
        count += *got;
        if (count == tpm::kHeaderSize) {
            const auto stated = std::span{frame}.subspan(2, 4); // behind the tag
            whole = 0;
            for (const auto byte : stated) {
                whole = (whole << 8U) + std::to_integer<std::size_t>(byte);
            }
            whole = std::clamp(whole, tpm::kHeaderSize, frame.size());
        }
    }
    frame.resize(count);
    return frame;
}

/// An agent that lends \p address to one station.
FarEnd::Work lending(const TlsContext& context, std::string address)
{
    return [context, address = std::move(address)](system::Descriptor socket) -> Ended {
        const auto never = must(system::WakeUp::create());
        const auto line = TlsStream::accept(std::move(socket), context, Deadline::in(kLong), never);
        if (!line.ok()) {
            return endOf(line);
        }
        const auto chip = must(openChannel(must(parseDeviceAddress(address)), Deadline::in(kLong), {}));
        for (;;) {
            const auto command = frameFrom(
                [&](std::span<std::byte> buffer) { return line->receive(buffer, Deadline::in(kLong), never); });
            if (command.empty() || !chip->send(command, Deadline::in(kLong)).ok()) {
                return {};
            }
            const auto response =
                frameFrom([&](std::span<std::byte> buffer) { return chip->receive(buffer, Deadline::in(kLong)); });
            if (!line->send(response, Deadline::in(kLong), never).ok()) {
                return {};
            }
        }
    };
}

DeviceAddress addressOf(std::uint16_t port)
{
    return TlsAddress{{"127.0.0.1", port}, {}};
}

} // namespace

/// A TPM behind TLS is tested as any other.
class TestTlsLine : public QObject {
    Q_OBJECT

    SwtpmFixture m_tpm;
    TlsEnds m_ends;
    AgentFiles m_files = m_ends.plant.files(TlsRole::Station);

private Q_SLOTS:
    void opensItsChallengeAndSigns()
    {
        FarEnd agent{lending(m_ends.agent, m_tpm.address())};
        {
            const auto device = tpm::makeEsysDeviceTpm(addressOf(agent.port()), testDeadlines(), {}, m_files);
            const auto answer = attest(*device, asBytes(kSasToSign));
            QVERIFY2(answer.ok(), answer.ok() ? "" : describeForLog(answer.error()).c_str());
            QCOMPARE(answer->given, answer->expected);
        }
        QVERIFY(!agent.ended().code);
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }

    void aRefusalByTheAgentIsNoFaultOfTheTpm()
    {
        const PlantKeys other{"Plant 2"};
        auto files = m_files;
        files.caFile = m_ends.plant.written("both.pem", asBytes(m_ends.plant.certificate() + other.certificate()));
        FarEnd agent{lending(contextAt(other.files(TlsRole::Agent), TlsRole::Agent, utcNow()), m_tpm.address())};
        const auto device = tpm::makeEsysDeviceTpm(addressOf(agent.port()), testDeadlines(), {}, files);
        const auto connected = device->connect();
        QVERIFY(!connected.ok());
        QVERIFY2(connected.error().code == StationCode::PeerRefusesCertificate,
                 describeForLog(connected.error()).c_str());
    }

    void aStationWithoutFilesIsNoFaultOfTheTpm()
    {
        const auto device = tpm::makeEsysDeviceTpm(addressOf(1), testDeadlines(), {});
        QCOMPARE(device->connect().error().code, StationCode::ConfigurationInvalid);
    }

    void theProbeAsksThroughTls()
    {
        FarEnd agent{lending(m_ends.agent, m_tpm.address())};
        QVERIFY(tpm::tpmAnswers(addressOf(agent.port()), kLong, {}, m_files) == true);
    }

    void anAgentThatHangsUpBeforeTlsIsNoFaultOfTheTpm()
    {
        FarEnd busy{[](const system::Descriptor&) { return Ended{}; }};
        const auto device = tpm::makeEsysDeviceTpm(addressOf(busy.port()), testDeadlines(), {}, m_files);
        const auto connected = device->connect();
        QVERIFY(!connected.ok());
        QVERIFY2(connected.error().code == StationCode::PeerSpeaksOtherwise, describeForLog(connected.error()).c_str());
    }

    /// It is there, and may be busy: whether a device is behind it nobody knows.
    void theProbeIsNotCertainOfAnAgentThatHangsUpBeforeTls()
    {
        FarEnd busy{[](const system::Descriptor&) { return Ended{}; }};
        QVERIFY(!tpm::tpmAnswers(addressOf(busy.port()), kLong, {}, m_files).has_value());
    }

    /// An agent may be busy with the line that just broke: that it accepts is enough.
    void whoeverAcceptsIsThere()
    {
        const HeldPort gone;
        QVERIFY(tpm::nobodyIsAt(addressOf(gone.number()), kLong, {}));
        FarEnd busy{[](const system::Descriptor&) { return Ended{}; }};
        QVERIFY(!tpm::nobodyIsAt(addressOf(busy.port()), kLong, {}));
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestTlsLine)
#include "tst_tls_line.moc"

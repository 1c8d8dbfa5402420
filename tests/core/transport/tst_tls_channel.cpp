#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/transport/open_channel.h"
#include "tests/core/transport/tls_bench.h"
#include "tests/core/transport/waiting.h"

#include <QElapsedTimer>
#include <QTest>

namespace enroll::test {

using namespace transport;

class TestTlsChannel : public QObject {
    Q_OBJECT

    TlsEnds m_ends;
    AgentFiles m_files = m_ends.plant.files(TlsRole::Station);

    static DeviceAddress addressOf(const FarEnd& agent, const std::string& query = {})
    {
        return must(parseDeviceAddress("tls://127.0.0.1:" + std::to_string(agent.port()) + query));
    }
    Result<std::unique_ptr<TpmChannel>> open(const DeviceAddress& address) const
    {
        return openChannel(address, Deadline::in(kLong), {}, m_files);
    }

private Q_SLOTS:
    void carriesBytesBothWays()
    {
        FarEnd agent{echoing(m_ends.agent)};
        auto channel = must(open(addressOf(agent)));
        QVERIFY(channel->send(asBytes("command"), Deadline::in(kLong)).ok());
        std::array<std::byte, 64> buffer{};
        const auto count = channel->receive(buffer, Deadline::in(kLong));
        QVERIFY2(count.ok(), count.ok() ? "" : count.error().what.c_str());
        QCOMPARE(asText(ByteView{buffer}.first(*count)), std::string_view{"command"});
        channel.reset();
        QVERIFY(!agent.ended().code); // it was told the end
    }

    void anAddressMayNameTheAgent()
    {
        const auto named =
            contextAt(m_ends.plant.files(TlsRole::Agent, {.names = {"gateway-x"}}), TlsRole::Agent, utcNow());
        FarEnd agent{echoing(named)};
        const auto channel = open(addressOf(agent, "?name=Gateway-X"));
        QVERIFY2(channel.ok(), channel.ok() ? "" : channel.error().what.c_str());
    }

    void theNameIsCheckedWhateverTheAddressSays()
    {
        FarEnd agent{echoing(m_ends.agent)};
        const auto channel = open(addressOf(agent, "?name=gateway-x"));
        QVERIFY(!channel.ok());
        QCOMPARE(textOf(channel.error().code), std::string{"S-343"});
    }

    void aStationWithoutFilesOpensNothing()
    {
        const Port port; // nobody comes
        const auto address = must(parseDeviceAddress("tls://127.0.0.1:" + std::to_string(port.number())));
        const auto channel = openChannel(address, Deadline::in(kLong), {});
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, StationCode::ConfigurationInvalid);
        auto incomplete = m_files;
        incomplete.keyFile.clear();
        QCOMPARE(openChannel(address, Deadline::in(kLong), {}, incomplete).error().code,
                 StationCode::ConfigurationInvalid);
    }

    /// What was renewed counts from the next opening on.
    void readsItsFilesEachTime()
    {
        auto files = m_files;
        files.certificateFile = m_ends.plant.folder() / "renewed.pem";
        FarEnd agent{echoing(m_ends.agent)};
        const auto missing = openChannel(addressOf(agent), Deadline::in(kLong), {}, files);
        QVERIFY(!missing.ok());
        QCOMPARE(missing.error().code, StationCode::FileUnusable);
        std::filesystem::copy_file(m_files.certificateFile, files.certificateFile);
        QVERIFY(openChannel(addressOf(agent), Deadline::in(kLong), {}, files).ok());
    }

    void saysThatNobodyListens()
    {
        const HeldPort closed;
        const auto channel = open(TlsAddress{{"127.0.0.1", closed.number()}, {}});
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, DeviceCode::NoTpmAnswers);
    }

    void saysThatANameDoesNotExist()
    {
        const auto channel = open(TlsAddress{{"station.invalid", 1}, {}}); // RFC 6761 reserves "invalid"
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, StationCode::StationCannotReachPort);
    }

    /// One deadline for the name, the connection and the handshake.
    void endsAtItsDeadlineInTheHandshake()
    {
        FarEnd silent{saying({})};
        QElapsedTimer timer;
        timer.start();
        const auto channel = openChannel(addressOf(silent), Deadline::in(kShort), {}, m_files);
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, DeviceCode::TpmTimedOut);
        QVERIFY(timer.elapsed() < 2'000);
    }

    void endsWhenAStopIsAskedInTheHandshake()
    {
        FarEnd silent{saying({})};
        std::stop_source stop;
        auto waiting = Waiting{
            [&] { return codeOf(openChannel(addressOf(silent), Deadline::in(kLong), stop.get_token(), m_files)); }};
        QTRY_VERIFY(waiting.asleep());
        QElapsedTimer timer;
        timer.start();
        stop.request_stop();
        QVERIFY(waiting.code() == DeviceCode::Cancelled);
        QVERIFY(timer.elapsed() < 2'000);
    }

    void staysInterruptedUntilResumed()
    {
        FarEnd agent{echoing(m_ends.agent)};
        const auto channel = must(open(addressOf(agent)));
        QVERIFY(channel->send(asBytes("late"), Deadline::in(kLong)).ok());
        std::array<std::byte, 8> buffer{};
        channel->interrupt();
        QCOMPARE(channel->receive(buffer, Deadline::in(kLong)).error().code, DeviceCode::Cancelled);
        QCOMPARE(channel->receive(buffer, Deadline::in(kLong)).error().code, DeviceCode::Cancelled);
        channel->resume();
        QCOMPARE(must(channel->receive(buffer, Deadline::in(kLong))), std::size_t{4});
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestTlsChannel)
#include "tst_tls_channel.moc"

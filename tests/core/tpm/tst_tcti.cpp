#include "core/base/device_code.h"
#include "core/tpm/tcti.h"
#include "tests/support/scripted_channel.h"

#include <QTest>

#include <array>

namespace enroll::test {
namespace {

using namespace tpm;

const Bytes kGetRandomCommand = fromHex("80010000000c0000017b0008").value();
const Bytes kGetRandomResponse = fromHex("80010000000e0000000000020a0b").value();
const Bytes kFlushCommand = fromHex("80010000000e0000016580000001").value();
const Bytes kDone = fromHex("80010000000a00000000").value();
const Bytes kRetryResponse = fromHex("80010000000a00000922").value();

} // namespace

class TestTcti : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_script = {};
        m_stop = {};
        const CommandDeadlines deadlines{.busyRetries = std::chrono::milliseconds{60}};
        m_exchange =
            std::make_unique<TpmExchange>(std::make_unique<ScriptedChannel>(m_script), deadlines, m_stop.get_token());
        m_tcti = std::make_unique<Tcti>(*m_exchange);
    }

    void carriesACommandAndItsResponse()
    {
        m_script.pieces = {kGetRandomResponse};
        QCOMPARE(transmit(kGetRandomCommand), TSS2_RC_SUCCESS);
        QCOMPARE(receive(), TSS2_RC_SUCCESS);
        QCOMPARE(m_received, kGetRandomResponse);
        QVERIFY((m_script.sent == std::vector<Bytes>{kGetRandomCommand}));
    }

    void putsAResponseTogetherThatComesByteByByte()
    {
        for (const auto byte : kGetRandomResponse) {
            m_script.pieces.push_back({byte});
        }
        QCOMPARE(transmit(kGetRandomCommand), TSS2_RC_SUCCESS);
        QCOMPARE(receive(), TSS2_RC_SUCCESS);
        QCOMPARE(m_received, kGetRandomResponse);
    }

    void refusesToReceiveBeforeACommand() { QCOMPARE(receive(), TSS2_TCTI_RC_BAD_SEQUENCE); }

    void refusesASecondCommandBeforeTheResponse()
    {
        QCOMPARE(transmit(kGetRandomCommand), TSS2_RC_SUCCESS);
        QCOMPARE(transmit(kGetRandomCommand), TSS2_TCTI_RC_BAD_SEQUENCE);
    }

    void tellsTheSizeWithoutABufferAndKeepsTheResponse()
    {
        m_script.pieces = {kGetRandomResponse};
        QCOMPARE(transmit(kGetRandomCommand), TSS2_RC_SUCCESS);
        size_t size = 0;
        QCOMPARE(abi().receive(m_tcti->context(), &size, nullptr, TSS2_TCTI_TIMEOUT_BLOCK), TSS2_RC_SUCCESS);
        QCOMPARE(size, kGetRandomResponse.size());
        QCOMPARE(receive(), TSS2_RC_SUCCESS);
        QCOMPARE(m_received, kGetRandomResponse);
    }

    void keepsTheResponseIfTheBufferIsTooSmall()
    {
        m_script.pieces = {kGetRandomResponse};
        QCOMPARE(transmit(kGetRandomCommand), TSS2_RC_SUCCESS);
        std::array<std::uint8_t, 4> small{};
        size_t size = small.size();
        QCOMPARE(abi().receive(m_tcti->context(), &size, small.data(), TSS2_TCTI_TIMEOUT_BLOCK),
                 TSS2_TCTI_RC_INSUFFICIENT_BUFFER);
        QCOMPARE(size, kGetRandomResponse.size());
        QCOMPARE(receive(), TSS2_RC_SUCCESS);
    }

    void refusesNullPointersAndForeignTimeouts()
    {
        QCOMPARE(abi().transmit(m_tcti->context(), 12, nullptr), TSS2_TCTI_RC_BAD_REFERENCE);
        QCOMPARE(abi().receive(m_tcti->context(), nullptr, nullptr, -1), TSS2_TCTI_RC_BAD_REFERENCE);
        size_t size = 0;
        QCOMPARE(abi().receive(m_tcti->context(), &size, nullptr, 100), TSS2_TCTI_RC_BAD_VALUE);
    }

    void saysThatItCannotCancelOrChangeLocality()
    {
        QCOMPARE(abi().cancel(m_tcti->context()), TSS2_TCTI_RC_NOT_IMPLEMENTED);
        QCOMPARE(abi().setLocality(m_tcti->context(), 0), TSS2_TCTI_RC_NOT_IMPLEMENTED);
    }

    void hidesRetriesFromTheLibrary()
    {
        m_script.pieces = {kRetryResponse, kRetryResponse, kGetRandomResponse};
        QCOMPARE(transmit(kGetRandomCommand), TSS2_RC_SUCCESS);
        QCOMPARE(receive(), TSS2_RC_SUCCESS);
        QCOMPARE(m_received, kGetRandomResponse);
        QCOMPARE(m_script.sent.size(), std::size_t{3});
        QCOMPARE(m_exchange->traffic().retries, std::uint64_t{2});
        QCOMPARE(m_exchange->traffic().commands, std::uint64_t{1});
        QCOMPARE(m_exchange->traffic().bytesOut, std::uint64_t{36});
        QCOMPARE(m_exchange->traffic().bytesIn, std::uint64_t{34});
    }

    void handsOutAPlainRefusalWhenTheTpmStaysBusy()
    {
        m_script.pieces = std::deque<Bytes>(50, kRetryResponse);
        QCOMPARE(transmit(kGetRandomCommand), TSS2_RC_SUCCESS);
        QCOMPARE(receive(), TSS2_RC_SUCCESS);
        QCOMPARE(toHex(m_received), std::string{"80010000000a00000909"});
        QCOMPARE(m_exchange->lastError()->code, DeviceCode::TpmStaysBusy);
        QVERIFY(!m_exchange->broken());
    }

    void breaksOnABadFrameAndSendsNothingMore()
    {
        m_script.pieces = {Bytes(12, std::byte{0xA5}), kGetRandomResponse};
        QCOMPARE(transmit(kGetRandomCommand), TSS2_RC_SUCCESS);
        QCOMPARE(receive(), TSS2_TCTI_RC_IO_ERROR);
        QCOMPARE(transmit(kGetRandomCommand), TSS2_RC_SUCCESS);
        QCOMPARE(receive(), TSS2_TCTI_RC_IO_ERROR);
        QCOMPARE(m_exchange->lastError()->code, DeviceCode::TpmResponseMalformed);
        QCOMPARE(m_script.sent.size(), std::size_t{1});
    }

    void tellsAClosedConnectionFromABrokenOffResponse()
    {
        m_script.pieces = {Bytes{}};
        QVERIFY(!m_exchange->run(kGetRandomCommand).ok());
        QCOMPARE(m_exchange->lastError()->code, DeviceCode::NoTpmAnswers);
        init();
        m_script.pieces = {Bytes{kGetRandomResponse.begin(), kGetRandomResponse.begin() + 4}, Bytes{}};
        QVERIFY(!m_exchange->run(kGetRandomCommand).ok());
        QCOMPARE(m_exchange->lastError()->code, DeviceCode::TpmResponseTruncated);
    }

    void sendsNothingAgainIfAStopCameWhileItWaited()
    {
        m_script.pieces = {kRetryResponse, kGetRandomResponse};
        m_script.onSend = [this] { m_stop.request_stop(); };
        const auto response = m_exchange->run(kGetRandomCommand);
        QVERIFY(!response.ok());
        QCOMPARE(response.error().code, DeviceCode::Cancelled);
        QCOMPARE(m_script.sent.size(), std::size_t{1});
        QVERIFY(!m_exchange->broken());
    }

    void sendsAFlushAgainAfterAStop()
    {
        m_script.pieces = {kRetryResponse, kDone};
        m_script.onSend = [this] { m_stop.request_stop(); };
        QVERIFY(m_exchange->run(kFlushCommand).ok());
        QCOMPARE(m_script.sent.size(), std::size_t{2});
    }

    void sendsOnlyFlushesAfterAStop()
    {
        m_script.pieces = {kDone};
        m_stop.request_stop();
        QCOMPARE(m_exchange->run(kGetRandomCommand).error().code, DeviceCode::Cancelled);
        QVERIFY(m_script.sent.empty());
        QVERIFY(m_exchange->run(kFlushCommand).ok());
        QCOMPARE(m_script.sent.size(), std::size_t{1});
    }

private:
    /// The functions as the library calls them.
    const TSS2_TCTI_CONTEXT_COMMON_V1& abi()
    {
        return *reinterpret_cast<const TSS2_TCTI_CONTEXT_COMMON_V1*>(m_tcti->context());
    }

    TSS2_RC transmit(const Bytes& command)
    {
        return abi().transmit(m_tcti->context(), command.size(), u8(ByteView{command}));
    }

    TSS2_RC receive()
    {
        m_received.resize(4096);
        size_t size = m_received.size();
        const auto code = abi().receive(m_tcti->context(), &size, u8(std::span{m_received}), TSS2_TCTI_TIMEOUT_BLOCK);
        m_received.resize(code == TSS2_RC_SUCCESS ? size : 0);
        return code;
    }

    ScriptedChannel::Script m_script;
    std::stop_source m_stop;
    std::unique_ptr<TpmExchange> m_exchange;
    std::unique_ptr<Tcti> m_tcti;
    Bytes m_received;
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestTcti)
#include "tst_tcti.moc"

#include "core/base/device_code.h"
#include "core/tpm/command_table.h"
#include "core/tpm/tpm_exchange.h"
#include "tests/support/must.h"

#include <QTest>

#include <deque>

namespace enroll::test {
namespace {

using namespace tpm;
using std::chrono::milliseconds;

/// Gives prepared responses, and notes how long each command may take.
class TimedChannel final : public transport::TpmChannel {
public:
    struct Script {
        std::deque<Bytes> responses;
        std::vector<milliseconds> left;
    };
    explicit TimedChannel(Script& script) : m_script(script) {}

    Result<void> send(ByteView /*bytes*/, const Deadline& deadline) override
    {
        m_script.left.push_back(deadline.left());
        return {};
    }
    Result<std::size_t> receive(std::span<std::byte> buffer, const Deadline& /*deadline*/) override
    {
        const auto response = std::move(m_script.responses.front());
        m_script.responses.pop_front();
        std::ranges::copy(response, buffer.begin());
        return response.size();
    }
    void interrupt() noexcept override {}
    void resume() noexcept override {}

private:
    Script& m_script;
};

Bytes bare(std::uint32_t code)
{
    ByteWriter writer;
    writer.u16(kTagNoSessions).u32(kHeaderSize).u32(code);
    return std::move(writer).take();
}

} // namespace

class tst_tpm_exchange : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// A key moves the end of the run by the time that a key may take, however often the TPM says "not now" to it.
    void aKeyThatIsAskedForAgainMovesTheEndOnce()
    {
        constexpr milliseconds kRun{60'000};
        constexpr milliseconds kKey{90'000};
        constexpr std::uint32_t kRetry = 0x922;
        constexpr std::uint32_t kRefused = 0x101;
        TimedChannel::Script script;
        script.responses = {bare(kRetry), bare(kRetry), bare(kRetry), bare(kRefused), bare(kRefused)};
        TpmExchange exchange{std::make_unique<TimedChannel>(script),
                             {.normal = milliseconds{3'600'000}, .createKey = kKey, .run = kRun},
                             {},
                             Deadline::in(kRun)};
        must(exchange.run(bare(command_code::kCreatePrimary)));
        must(exchange.run(bare(command_code::kGetCapability)));
        QCOMPARE(exchange.traffic().retries, std::uint64_t{3});
        QVERIFY(script.left.back() <= kRun + kKey);
        QVERIFY(script.left.back() > kRun);
    }

    /// A device that has each answer ready is never waited for: the end counts all the same. What the station loaded may
    /// still be flushed.
    void nothingIsSentBehindTheEnd()
    {
        TimedChannel::Script script;
        script.responses = {bare(0), bare(0)};
        TpmExchange exchange{std::make_unique<TimedChannel>(script), {}, {}, Deadline::in(milliseconds{0})};
        for (const auto command : {command_code::kGetCapability, command_code::kCreatePrimary}) {
            const auto late = exchange.run(bare(command));
            QVERIFY(!late.ok() && late.error().code == DeviceCode::TpmTimedOut);
        }
        QVERIFY(script.left.empty());
        must(exchange.run(bare(command_code::kFlushContext)));
        QCOMPARE(script.left.size(), std::size_t{1});
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_tpm_exchange)
#include "tst_tpm_exchange.moc"

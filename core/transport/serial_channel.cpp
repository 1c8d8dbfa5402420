#include "core/transport/serial_channel.h"

#include "core/base/device_code.h"

#include <algorithm>
#include <array>
#include <poll.h>

namespace enroll::transport {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kAtOnce = 4096;

Clock::time_point endOf(const Deadline& deadline)
{
    return Clock::now() + deadline.left();
}

Deadline untilThen(Clock::time_point end)
{
    return Deadline::in(
        std::max(std::chrono::milliseconds{0}, std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now())));
}

} // namespace

Result<std::unique_ptr<TpmChannel>> SerialChannel::open(const SerialAddress& address, const Deadline& deadline,
                                                        std::stop_token stop)
{
    TRY_ASSIGN(auto interrupt, system::WakeUp::create());
    const std::stop_callback onStop{std::move(stop), [&interrupt] { interrupt.raise(); }};
    TRY_ASSIGN(const auto nonce, drawSessionNumber());
    TRY_ASSIGN(auto line, SerialTerminal::open(address));
    TRY_ASSIGN(auto ownInterrupt, system::WakeUp::create()); // a fresh one: the stop may have raised the first
    std::unique_ptr<SerialChannel> channel{new SerialChannel{
        std::move(line), SerialRequester{nonce, SerialTiming{address.baud}}, std::move(ownInterrupt)}};
    TRY(channel->connect(deadline, interrupt));
    return std::unique_ptr<TpmChannel>{std::move(channel)};
}

SerialChannel::~SerialChannel()
{
    if (m_line.fd() >= 0) {
        // Without waiting, and unconfirmed: where it is lost, the agent notices that nobody sends any more.
        [[maybe_unused]] const auto told = m_line.write(m_requester.goodbye());
    }
}

Result<void> SerialChannel::connect(const Deadline& deadline, const system::WakeUp& interrupt)
{
    m_requester.connect(Clock::now(), endOf(deadline));
    TRY(outcome(interrupt));
    return {};
}

Result<void> SerialChannel::send(ByteView bytes, const Deadline& deadline)
{
    TRY(requireNotInterrupted(m_interrupt));
    const auto end = endOf(deadline);
    m_response.clear();
    m_given = 0;
    m_requester.request(bytes, Clock::now(), end);
    repeatIfDue();
    while (!m_unsent.empty()) {
        if (deadline.passed()) {
            return makeError(DeviceCode::TpmTimedOut, "the serial line does not take the command");
        }
        TRY(moveBytes(end, m_interrupt));
    }
    return {};
}

Result<std::size_t> SerialChannel::receive(std::span<std::byte> buffer, const Deadline& deadline)
{
    if (m_given == m_response.size() && m_requester.isUnderWay()) {
        m_requester.waitUntil(endOf(deadline));
        TRY_ASSIGN(m_response, outcome(m_interrupt));
        m_given = 0;
    } else if (m_given == m_response.size()) { // nothing can come but the end of the line
        const auto end = endOf(deadline);
        while (!deadline.passed()) {
            TRY(moveBytes(end, m_interrupt));
        }
        return makeError(DeviceCode::TpmTimedOut, "no command is under way");
    }
    const auto count = std::min(buffer.size(), m_response.size() - m_given);
    std::ranges::copy(ByteView{m_response}.subspan(m_given, count), buffer.begin());
    m_given += count;
    return count;
}

/// How what is under way ends. Sends and receives until then.
Result<Bytes> SerialChannel::outcome(const system::WakeUp& interrupt)
{
    for (;;) {
        repeatIfDue();
        if (auto ended = m_requester.ended(Clock::now())) {
            return *std::move(ended);
        }
        TRY(moveBytes(m_requester.due(), interrupt));
    }
}

void SerialChannel::repeatIfDue()
{
    const auto frame = m_requester.output(Clock::now());
    m_unsent.insert(m_unsent.end(), frame.begin(), frame.end());
}

/// Waits until the line has or takes some bytes, until \p until at most, and moves them. Errors D-101, D-141, S-321.
Result<void> SerialChannel::moveBytes(Time until, const system::WakeUp& interrupt)
{
    const short events = m_unsent.empty() ? POLLIN : POLLIN | POLLOUT;
    if (const auto ready = waitUntilReady(m_line.fd(), events, untilThen(until), interrupt); !ready) {
        return ready.error().code == DeviceCode::TpmTimedOut ? Result<void>{} : ready;
    }
    auto moved = readAndWrite();
    if (!moved) {
        m_line = {};
    }
    return moved;
}

Result<void> SerialChannel::readAndWrite()
{
    std::array<std::byte, kAtOnce> buffer{};
    TRY_ASSIGN(const auto came, m_line.read(buffer));
    m_requester.take(ByteView{buffer}.first(came), Clock::now());
    if (!m_unsent.empty()) {
        TRY_ASSIGN(const auto sent, m_line.write(m_unsent));
        m_unsent.erase(m_unsent.begin(), m_unsent.begin() + static_cast<std::ptrdiff_t>(sent));
    }
    return {};
}

} // namespace enroll::transport

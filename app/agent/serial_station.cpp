#include "app/agent/serial_station.h"

#include "app/agent/descriptor_line.h"
#include "core/base/device_code.h"
#include "core/transport/interruptible_wait.h"

#include <algorithm>
#include <array>
#include <poll.h>

namespace enroll::app::agent {
namespace {

constexpr std::size_t kAtOnce = 4096;
constexpr int kMostAtOnce = 16; ///< times that much, however fast the line brings more

} // namespace

Result<void> SerialStation::awaitSession()
{
    constexpr std::chrono::hours kLong{1};
    while (!m_session.isNext) {
        if (takeEvent()) {
            continue;
        }
        if (auto heard = converse(Deadline::in(kLong)); !heard && heard.error().code != DeviceCode::TpmTimedOut) {
            return heard;
        }
    }
    m_session = {};
    return {};
}

void SerialStation::endSession()
{
    while (!m_session.isNext && takeEvent()) { // what came with the latest response may begin the next session
    }
    m_session.request.reset();
    if (!m_session.isNext) {
        m_responder.close();
    }
}

Result<std::size_t> SerialStation::receive(std::span<std::byte> buffer, const Deadline& deadline) const
{
    while (!m_session.request) {
        if (m_session.isNext) {
            return std::size_t{0};
        }
        if (takeEvent()) {
            if (!m_session.request) {
                return std::size_t{0}; // the session is over, by the station's word or by its next one
            }
            break;
        }
        TRY(converse(deadline));
    }
    return give(buffer);
}

/// What \p buffer has room for of the command.
std::size_t SerialStation::give(std::span<std::byte> buffer) const
{
    const auto rest = ByteView{m_session.request->command}.subspan(m_session.given);
    const auto count = std::min(rest.size(), buffer.size());
    std::ranges::copy(rest.first(count), buffer.begin());
    m_session.given += count;
    return count;
}

/// Notes what happened next on the line; false if nothing did.
bool SerialStation::takeEvent() const
{
    auto event = m_responder.next();
    if (!event) {
        return false;
    }
    m_session.given = 0;
    m_session.isNext = m_session.isNext || std::holds_alternative<transport::SerialSessionBegan>(*event);
    if (auto* request = std::get_if<transport::SerialRequest>(&*event)) {
        m_session.request = std::move(*request);
    }
    return true;
}

Result<void> SerialStation::send(ByteView bytes, const Deadline& deadline) const
{
    TRY(takeWhatCame()); // the station may have repeated its request meanwhile, more than once
    if (const auto request = std::exchange(m_session.request, std::nullopt)) {
        m_responder.respond(*request, bytes);
    }
    return sendOwed(deadline);
}

bool SerialStation::hungUp() const noexcept
{
    return otherEndHungUp(m_line.fd());
}

/// Waits for something to come, and answers what can be answered at once. Errors D-102 (nothing came), D-101, D-141.
Result<void> SerialStation::converse(const Deadline& deadline) const
{
    TRY(transport::waitUntilReady(m_line.fd(), POLLIN, deadline, m_stop));
    TRY(takeWhatCame());
    return sendOwed(Deadline::in(kSending));
}

Result<void> SerialStation::takeWhatCame() const
{
    std::array<std::byte, kAtOnce> buffer{};
    for (int i = 0; i < kMostAtOnce; ++i) {
        TRY_ASSIGN(const auto count, m_line.read(buffer));
        m_responder.take(ByteView{buffer}.first(count));
        if (count < buffer.size()) {
            break;
        }
    }
    return {};
}

/// Error D-101 also where the line takes nothing until \p deadline: whoever is there does not hear what it is told.
Result<void> SerialStation::sendOwed(const Deadline& deadline) const
{
    const auto owed = m_responder.output();
    ByteView rest{owed};
    while (!rest.empty()) {
        const auto ready = transport::waitUntilReady(m_line.fd(), POLLOUT, deadline, m_stop);
        if (!ready && ready.error().code == DeviceCode::TpmTimedOut) {
            return makeError(DeviceCode::NoTpmAnswers, "the serial line takes nothing");
        }
        TRY(ready);
        TRY_ASSIGN(const auto sent, m_line.write(rest));
        rest = rest.subspan(sent);
    }
    return {};
}

} // namespace enroll::app::agent

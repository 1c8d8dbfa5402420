#include "core/transport/serial_requester.h"

#include "core/base/device_code.h"

#include <algorithm>

namespace enroll::transport {
namespace {

constexpr std::string_view kOperation = "serial line";

/// A frame that only a station sends: where one comes back, something at the other end repeats what it hears.
bool isOfStation(SerialKind kind) noexcept
{
    return kind == SerialKind::Hello || kind == SerialKind::Request || kind == SerialKind::Goodbye;
}

Bytes payloadOf(std::uint64_t nonce)
{
    return toBytes(ByteWriter{}.u64(nonce).view());
}

std::string whyNot(ByteView reason)
{
    if (reason.size() == 1 && reason.front() == static_cast<std::byte>(NackReason::UnknownSession)) {
        return "the agent at the other end of the line has ended the session, was started again, or serves another "
               "station";
    }
    return "the agent at the other end of the line lost count of the commands";
}

} // namespace

std::chrono::milliseconds SerialTiming::transfer(std::size_t bytes) const noexcept
{
    ENROLL_ASSERT(baud > 0, "a serial line has a speed");
    constexpr std::uint64_t kBitsOfByte = 10; // start, eight bits, stop
    const auto milliseconds = (static_cast<std::uint64_t>(bytes) * kBitsOfByte * 1000 + baud - 1) / baud;
    return std::chrono::milliseconds{static_cast<std::int64_t>(milliseconds)};
}

SerialRequester::SerialRequester(std::uint64_t nonce, SerialTiming timing) : m_nonce(nonce), m_timing(timing) {}

void SerialRequester::connect(Time now, Time end)
{
    ENROLL_ASSERT(m_state == State::Closed, "a serial session is begun once");
    m_state = State::Connecting;
    begin({SerialKind::Hello, 0, 0, payloadOf(m_nonce)}, now, end);
}

void SerialRequester::request(ByteView command, Time now, Time end)
{
    ENROLL_ASSERT(m_state == State::Idle || m_state == State::Failed, "one request is under way on a serial line");
    if (m_failure) {
        m_outcome = *m_failure;
        return;
    }
    m_state = State::Waiting;
    ++m_sequence;
    begin({SerialKind::Request, m_session, m_sequence, toBytes(command)}, now, end);
}

void SerialRequester::begin(const SerialFrame& frame, Time now, Time end)
{
    m_sent = encodeSerialFrame(frame);
    m_end = end;
    m_next = now;
    m_holdUntil = now;
    m_pause = m_timing.transfer(m_sent.size() + mostSerialBytes(sizeof m_nonce)) + m_timing.turnaround;
    m_isWorkedOn = false;
    m_outcome.reset();
}

void SerialRequester::take(ByteView bytes, Time now)
{
    const auto reception = m_decoder.take(bytes);
    m_noise.take(asText(reception.stray));
    m_strayBytes += reception.stray.size();
    for (const auto& frame : reception.frames) {
        takeFrame(frame, now);
    }
    // It may be the response: a repetition would be answered once more, behind it.
    if (!bytes.empty() && m_decoder.isWithinFrame()) {
        m_next = std::max(m_next, std::min(now + m_timing.turnaround, m_holdUntil));
    }
}

void SerialRequester::takeFrame(const SerialFrame& frame, Time now)
{
    if (frame.version != kSerialVersion) {
        m_otherVersion = frame.version;
        return;
    }
    if (isOfStation(frame.kind)) {
        m_echoes = true;
        return;
    }
    m_noise = {};
    m_strayBytes = 0;
    m_damagedBefore = m_decoder.damaged();
    m_echoes = false;
    m_otherVersion.reset();
    if (m_state == State::Connecting && frame.kind == SerialKind::Welcome) {
        takeWelcome(frame);
    }
    // Anything else is of an earlier session, or answers an earlier request once more.
    if (m_state == State::Waiting && !m_outcome && frame.session == m_session && frame.sequence == m_sequence) {
        takeAnswer(frame, now);
    }
}

void SerialRequester::takeWelcome(const SerialFrame& frame)
{
    if (frame.payload != payloadOf(m_nonce) || m_outcome) {
        return;
    }
    m_session = frame.session;
    m_outcome = Bytes{};
}

void SerialRequester::takeAnswer(const SerialFrame& frame, Time now)
{
    if (frame.kind == SerialKind::Response) {
        m_outcome = frame.payload;
    } else if (frame.kind == SerialKind::Nack) {
        fail(DeviceCode::NoTpmAnswers, whyNot(frame.payload));
    } else if (frame.kind == SerialKind::Working && !m_isWorkedOn) {
        m_isWorkedOn = true;
        m_pause = std::max(kWhileWorking, m_timing.turnaround);
        pauseFrom(now);
    }
}

Bytes SerialRequester::output(Time now)
{
    if (!isUnderWay() || m_outcome || now < m_next || now >= m_end) {
        return {};
    }
    pauseFrom(now);
    m_pause = std::max(m_pause, std::min(2 * m_pause, kLongestPause));
    return m_sent;
}

void SerialRequester::pauseFrom(Time now)
{
    m_next = now + m_pause;
    m_holdUntil = m_next + m_timing.transfer(mostSerialBytes(kLongestSerialPayload));
}

SerialRequester::Time SerialRequester::due() const
{
    ENROLL_ASSERT(isUnderWay(), "a serial line is waited for while something is under way");
    return std::min(m_next, m_end);
}

std::optional<Result<Bytes>> SerialRequester::ended(Time now)
{
    if (isUnderWay() && !m_outcome && now >= m_end) {
        if (m_state == State::Connecting) {
            fail(DeviceCode::NoTpmAnswers, "no enroll-agent answers on the serial line: " + whatTheLineCarried());
        } else {
            fail(DeviceCode::TpmTimedOut, (m_isWorkedOn ? "the agent took the command, and no response came: "
                                                        : "the agent did not confirm the command: ") +
                                              whatTheLineCarried());
        }
    }
    if (!m_outcome) {
        return std::nullopt;
    }
    m_state = m_outcome->ok() ? State::Idle : State::Failed;
    return std::exchange(m_outcome, std::nullopt);
}

void SerialRequester::fail(ErrorCode code, std::string what)
{
    m_failure = makeError(code, std::move(what), std::string{kOperation});
    m_outcome = *m_failure;
}

Bytes SerialRequester::goodbye() const
{
    return m_session == 0 ? Bytes{} : encodeSerialFrame({SerialKind::Goodbye, m_session});
}

std::string SerialRequester::whatTheLineCarried() const
{
    if (const auto talk = m_noise.found()) {
        return "the line carries " + std::string{lineTalkText(*talk)};
    }
    if (m_otherVersion) {
        return "frames of version " + std::to_string(*m_otherVersion) + " came, this program speaks version " +
               std::to_string(kSerialVersion);
    }
    if (m_echoes) {
        return "the line sends back what is sent, as a console does";
    }
    if (const auto damaged = m_decoder.damaged() - m_damagedBefore; damaged > 0) {
        return std::to_string(damaged) + " damaged frames came";
    }
    if (m_strayBytes > 0) {
        return std::to_string(m_strayBytes) + " bytes came that are no frames, as at another speed of the line";
    }
    return "nothing came";
}

} // namespace enroll::transport

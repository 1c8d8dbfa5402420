#pragma once

#include "core/transport/line_noise.h"
#include "core/transport/serial_frame.h"

#include <chrono>
#include <optional>

namespace enroll::transport {

/// How fast a serial line is.
struct SerialTiming {
    std::uint32_t baud; ///< bits a second, not 0; each byte takes ten of them
    /// From the last byte of a frame to the first one of its answer, at most as a rule: USB adapters hold bytes back for
    /// 16 ms each way, and a small device's scheduler takes its time.
    std::chrono::milliseconds turnaround{150};

    /// How long \p bytes take, rounded up.
    [[nodiscard]] std::chrono::milliseconds transfer(std::size_t bytes) const noexcept;
};

/// The station's end of a serial line: one request at a time, repeated until its response came, or its time is over.
///
/// **No TPM command runs twice.** Most of them change something: they load an object, take up a session, extend a
/// register, roll a nonce that the next HMAC is computed with. A second run has another result, or is refused, although the
/// first one went well, and what the first one loaded stays in the TPM, known to nobody. So a request keeps its sequence number
/// however often it is sent, and the other end, SerialResponder, runs a number once and answers each repetition with the
/// response it kept. It can keep none over its own end: an agent that was started again does not know whether its forerunner had
/// run the command. So each session has a number of the agent's, which frames carry, and a request of another session is
/// refused (Nack) and not run. The station never opens a session again by itself for a request that was sent.
///
/// A request is repeated when no answer came within the time that the request and its answer take on the line, then after twice
/// that time, and so on up to kLongestPause. Once the agent said that it is working on it, the station asks again only in case
/// the response was lost. While a frame is coming in, nothing is repeated, for as long as the longest one takes.
///
/// A value without a thread, a clock or a descriptor: time is given, and bytes are given and taken. Its memory is bounded.
/// Whoever owns the line calls take() with what came, writes what output() returns, and does so again at due() at the latest, until
/// ended() has an outcome.
class SerialRequester {
public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::milliseconds kLongestPause{2000};
    /// Before the first repetition to an agent that is working: most commands take less.
    static constexpr std::chrono::milliseconds kWhileWorking{300};

    /// \param nonce   drawn at random for this one: an agent tells two stations, or two runs of one, by it
    SerialRequester(std::uint64_t nonce, SerialTiming timing);

    /// Begins a session with the agent. Once, before any request.
    void connect(Time now, Time end);
    /// Begins to send \p command, at most kLongestSerialPayload bytes. Not while something is under way (asserted), and in a
    /// session only. After a request that failed none is sent: it ends with the same error.
    void request(ByteView command, Time now, Time end);
    /// Gives what is under way until \p end, later or earlier than before.
    void waitUntil(Time end) noexcept { m_end = end; }
    /// True from connect() or request() until ended() gave the outcome.
    [[nodiscard]] bool isUnderWay() const noexcept { return m_state == State::Connecting || m_state == State::Waiting; }

    /// \p bytes came from the line \p now.
    void take(ByteView bytes, Time now);
    /// What is to be sent \p now; often nothing. The caller sends all of it.
    Bytes output(Time now);
    /// When output() or ended() have something new if nothing comes before. Only while something is under way (asserted).
    [[nodiscard]] Time due() const;

    /// How what was under way ended: with the response to the request, or for connect() with nothing in it; absent: it has
    /// not. A response that came is given although its time is over.
    /// \par Errors   D-101 (nothing that speaks for an agent came until the end of connect(), or the agent was started again, or
    ///               lost count), D-102 (no response came until the end). The text says what the line carried instead:
    ///               nothing, damaged frames, a login prompt, …
    std::optional<Result<Bytes>> ended(Time now);

    /// The frame that ends the session, so that the agent flushes what is loaded at once. Sent once, and not confirmed; nothing
    /// without a session.
    [[nodiscard]] Bytes goodbye() const;

private:
    enum class State { Closed, Connecting, Idle, Waiting, Failed };

    void begin(const SerialFrame& frame, Time now, Time end);
    void takeFrame(const SerialFrame& frame, Time now);
    void takeAnswer(const SerialFrame& frame, Time now);
    void pauseFrom(Time now);
    void takeWelcome(const SerialFrame& frame);
    void fail(ErrorCode code, std::string what);
    [[nodiscard]] std::string whatTheLineCarried() const;

    std::uint64_t m_nonce;
    SerialTiming m_timing;
    SerialFrameDecoder m_decoder;
    State m_state = State::Closed;
    std::uint32_t m_session = 0;
    std::uint32_t m_sequence = 0;

    Bytes m_sent; ///< the frame under way, as it is sent
    Time m_end{};
    Time m_next{};      ///< when it is sent again
    Time m_holdUntil{}; ///< a frame that is coming in puts that off until then at most
    std::chrono::milliseconds m_pause{0};
    bool m_isWorkedOn = false; ///< the agent said so
    std::optional<Result<Bytes>> m_outcome;
    std::optional<Error> m_failure;

    LineNoise m_noise; ///< what came since the agent's last frame, as all below
    std::size_t m_strayBytes = 0;
    std::size_t m_damagedBefore = 0;
    bool m_echoes = false;
    std::optional<std::uint8_t> m_otherVersion;
};

} // namespace enroll::transport

#pragma once

#include "core/transport/serial_frame.h"

#include <optional>
#include <variant>

namespace enroll::transport {

/// A station has begun a session: what an earlier one loaded is to be flushed.
struct SerialSessionBegan {
    bool operator==(const SerialSessionBegan&) const = default;
};
/// A TPM command, to be run once.
struct SerialRequest {
    std::uint32_t session;
    std::uint32_t sequence;
    Bytes command; ///< as it came: nobody has looked into it
    bool operator==(const SerialRequest&) const = default;
};
/// The station said that it is done.
struct SerialSessionEnded {
    bool operator==(const SerialSessionEnded&) const = default;
};
using SerialEvent = std::variant<SerialSessionBegan, SerialRequest, SerialSessionEnded>;

/// The agent's end of a serial line: gives each request of a station once, and answers its repetitions with the response that
/// was kept. Why none may run twice stands with SerialRequester.
///
/// - A hello begins a session with a number of its own and ends the one before: a station that was started again waits for
///   nobody. The same hello again is answered with the same number.
/// - Only the request with the next sequence number is given. A repetition of the latest is answered: it is worked on, or the
///   response. An earlier one is passed over, because nobody waits for its response; a later one, and one of another session,
///   are refused.
///
/// A value without a thread, a clock or a descriptor. Holds one request and one response, and owes one frame of each kind at
/// most, however much comes before output() is called: a flood of repetitions is answered once.
///
/// After take(), the caller sends output() and then asks for next() until there is none. It sends output() before it runs a request,
/// which tells the station that the request came, and again after respond().
class SerialResponder {
public:
    /// \param base   drawn at random when the agent starts, so that it knows no session of its forerunner's
    explicit SerialResponder(std::uint32_t base) noexcept : m_session(base) {}

    /// \p bytes came from the line.
    void take(ByteView bytes);
    /// What happened, each once and in order; absent: nothing more.
    std::optional<SerialEvent> next();
    /// The response to \p request, at most kLongestSerialPayload bytes (asserted). Of a request whose session is over it is
    /// dropped.
    void respond(const SerialRequest& request, ByteView response);
    /// Ends the session without being asked to, as when nothing came for too long, or the TPM failed: what is requested in it from
    /// now on is refused.
    void close() { endSession(); }
    /// What is to be sent; often nothing. The caller sends all of it.
    Bytes output();

private:
    void takeFrame(const SerialFrame& frame);
    void takeHello(const SerialFrame& frame);
    void takeRequest(const SerialFrame& frame);
    void refuse(const SerialFrame& frame, NackReason reason);
    void endSession();

    SerialFrameDecoder m_decoder;
    std::uint32_t m_session; ///< the number of the latest session; the next one has the next
    bool m_isOpen = false;
    Bytes m_hello;                    ///< the payload that began the session
    std::uint32_t m_sequence = 0;     ///< of the latest request
    std::optional<Bytes> m_requested; ///< its command, until next() gave it
    std::optional<Bytes> m_response;  ///< its response, as it is sent

    bool m_began = false; ///< next() has to say so, as below
    bool m_ended = false;
    bool m_owesWelcome = false;
    bool m_owesAnswer = false; ///< that the latest request is worked on, or its response
    std::optional<SerialFrame> m_refusal;
};

} // namespace enroll::transport

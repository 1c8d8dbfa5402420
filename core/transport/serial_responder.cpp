#include "core/transport/serial_responder.h"

namespace enroll::transport {

void SerialResponder::take(ByteView bytes)
{
    for (const auto& frame : m_decoder.take(bytes).frames) {
        if (frame.version == kSerialVersion) {
            takeFrame(frame);
        }
    }
}

void SerialResponder::takeFrame(const SerialFrame& frame)
{
    switch (frame.kind) {
    case SerialKind::Hello:
        takeHello(frame);
        return;
    case SerialKind::Request:
        takeRequest(frame);
        return;
    case SerialKind::Goodbye:
        if (m_isOpen && frame.session == m_session) {
            endSession();
            m_ended = true;
        }
        return;
    case SerialKind::Welcome:
    case SerialKind::Working:
    case SerialKind::Response:
    case SerialKind::Nack:
        return; // an echo of what was sent
    }
}

void SerialResponder::takeHello(const SerialFrame& frame)
{
    constexpr std::size_t kNonceSize = 8;
    if (frame.payload.size() != kNonceSize) {
        return;
    }
    m_owesWelcome = true;
    if (m_isOpen && frame.payload == m_hello) {
        return;
    }
    endSession();
    m_isOpen = true;
    m_hello = frame.payload;
    m_session = m_session == 0xFFFFFFFF ? 1 : m_session + 1; // 0 is that of a hello
    m_sequence = 0;
    m_began = true;
    m_ended = false;
}

void SerialResponder::takeRequest(const SerialFrame& frame)
{
    if (!m_isOpen || frame.session != m_session) {
        refuse(frame, NackReason::UnknownSession);
        return;
    }
    if (frame.sequence < m_sequence || frame.sequence == 0) {
        return;
    }
    if (frame.sequence == m_sequence) {
        m_owesAnswer = true;
        return;
    }
    const bool isAnswered = m_sequence == 0 || m_response;
    if (frame.sequence - m_sequence != 1 || !isAnswered) {
        refuse(frame, NackReason::OutOfOrder);
        return;
    }
    m_sequence = frame.sequence;
    m_requested = frame.payload;
    m_response.reset();
    m_owesAnswer = true;
}

void SerialResponder::refuse(const SerialFrame& frame, NackReason reason)
{
    m_refusal = SerialFrame{SerialKind::Nack, frame.session, frame.sequence, {static_cast<std::byte>(reason)}};
}

void SerialResponder::endSession()
{
    m_isOpen = false;
    m_requested.reset();
    m_response.reset();
    m_owesAnswer = false;
}

std::optional<SerialEvent> SerialResponder::next()
{
    if (std::exchange(m_began, false)) {
        return SerialSessionBegan{};
    }
    if (std::exchange(m_ended, false)) {
        return SerialSessionEnded{};
    }
    if (m_requested) {
        return SerialRequest{m_session, m_sequence, *std::exchange(m_requested, std::nullopt)};
    }
    return std::nullopt;
}

void SerialResponder::respond(const SerialRequest& request, ByteView response)
{
    if (!m_isOpen || request.session != m_session || request.sequence != m_sequence || m_response) {
        return;
    }
    m_response = encodeSerialFrame({SerialKind::Response, m_session, m_sequence, toBytes(response)});
    m_owesAnswer = true;
}

Bytes SerialResponder::output()
{
    Bytes sent;
    const auto append = [&sent](ByteView frame) { sent.insert(sent.end(), frame.begin(), frame.end()); };
    if (const auto refusal = std::exchange(m_refusal, std::nullopt)) {
        append(encodeSerialFrame(*refusal));
    }
    if (std::exchange(m_owesWelcome, false) && m_isOpen) {
        append(encodeSerialFrame({SerialKind::Welcome, m_session, 0, m_hello}));
    }
    if (std::exchange(m_owesAnswer, false)) {
        append(m_response ? *m_response : encodeSerialFrame({SerialKind::Working, m_session, m_sequence}));
    }
    return sent;
}

} // namespace enroll::transport

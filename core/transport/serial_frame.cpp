#include "core/transport/serial_frame.h"

#include <boost/crc.hpp>

namespace enroll::transport {
namespace {

constexpr std::byte kFirst{0xF5};
constexpr std::byte kSecond{0xC9};
constexpr std::byte kEscape{0xFD};
constexpr std::byte kTurned{0x40};

constexpr std::size_t kHeadSize = 12; // version to sequence
constexpr std::size_t kCheckSize = 4;

constexpr bool isControl(std::byte byte) noexcept
{
    return byte < std::byte{0x20} || byte == std::byte{0x7F};
}

constexpr bool isEscaped(std::byte byte) noexcept
{
    return isControl(byte) || byte == kFirst || byte == kEscape;
}

/// Source: RFC 3720, appendix B.4, and the catalogue of CRC algorithms, "CRC-32/ISCSI".
std::uint32_t crc32c(ByteView bytes)
{
    boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return static_cast<std::uint32_t>(crc.checksum());
}

/// The frame from its version to its check.
Bytes bodyOf(const SerialFrame& frame)
{
    ByteWriter body;
    body.u8(frame.version).u8(static_cast<std::uint8_t>(frame.kind));
    body.u16(static_cast<std::uint16_t>(frame.payload.size()));
    body.u32(frame.session).u32(frame.sequence).bytes(frame.payload);
    const auto check = crc32c(body.view());
    return std::move(body.u32(check)).take();
}

/// The frame of a body whose size fits its length; nothing if its check is wrong.
std::optional<SerialFrame> frameOf(ByteView body)
{
    ByteReader reader{body};
    const auto checked = body.first(body.size() - kCheckSize);
    SerialFrame frame{};
    frame.version = reader.u8("version").value();
    frame.kind = static_cast<SerialKind>(reader.u8("kind").value());
    const std::size_t length = reader.u16("length").value();
    frame.session = reader.u32("session").value();
    frame.sequence = reader.u32("sequence").value();
    frame.payload = toBytes(reader.take(length, "payload").value());
    if (reader.u32("check").value() != crc32c(checked)) {
        return std::nullopt;
    }
    return frame;
}

} // namespace

Bytes encodeSerialFrame(const SerialFrame& frame)
{
    ENROLL_ASSERT(frame.payload.size() <= kLongestSerialPayload, "the payload of a serial frame is within its bound");
    Bytes sent{kFirst, kSecond};
    for (const auto byte : bodyOf(frame)) {
        if (isEscaped(byte)) {
            sent.push_back(kEscape);
            sent.push_back(byte ^ kTurned);
        } else {
            sent.push_back(byte);
        }
    }
    return sent;
}

SerialReception SerialFrameDecoder::take(ByteView bytes)
{
    SerialReception reception;
    for (const auto byte : bytes) {
        if (m_place == Place::Inside) {
            takeInside(byte, reception);
        } else {
            takeOutside(byte, reception);
        }
    }
    return reception;
}

void SerialFrameDecoder::takeOutside(std::byte byte, SerialReception& reception)
{
    if (m_place == Place::AfterFirst && byte == kSecond) {
        begin();
        return;
    }
    if (m_place == Place::AfterFirst) {
        reception.stray.push_back(kFirst); // alone it begins nothing
    }
    m_place = byte == kFirst ? Place::AfterFirst : Place::Outside;
    if (m_place == Place::Outside) {
        reception.stray.push_back(byte);
    }
}

void SerialFrameDecoder::takeInside(std::byte byte, SerialReception& reception)
{
    if (byte == kFirst) { // wherever it stands: the frame under way has lost its end
        drop();
        m_place = Place::AfterFirst;
        return;
    }
    if (isControl(byte)) { // never sent: something else writes on the line
        drop();
        reception.stray.push_back(byte);
        return;
    }
    if (m_escaped) {
        m_escaped = false;
        const auto meant = byte ^ kTurned;
        if (!isEscaped(meant)) { // each frame has one form alone
            drop();
            return;
        }
        append(meant, reception);
        return;
    }
    if (byte == kEscape) {
        m_escaped = true;
        return;
    }
    append(byte, reception);
}

void SerialFrameDecoder::append(std::byte byte, SerialReception& reception)
{
    m_body.push_back(byte);
    if (m_body.size() == kHeadSize) {
        constexpr std::size_t kBeforeLength = 2; // version, kind
        const std::size_t length = ByteReader{ByteView{m_body}.subspan(kBeforeLength)}.u16("length").value();
        if (length > kLongestSerialPayload) {
            drop();
            return;
        }
        m_wanted = kHeadSize + length + kCheckSize;
    }
    if (m_body.size() == m_wanted) {
        finish(reception);
    }
}

void SerialFrameDecoder::finish(SerialReception& reception)
{
    auto frame = frameOf(m_body);
    if (!frame) {
        drop();
        return;
    }
    reception.frames.push_back(*std::move(frame));
    m_place = Place::Outside;
}

void SerialFrameDecoder::begin()
{
    m_place = Place::Inside;
    m_escaped = false;
    m_body.clear();
    m_wanted = 0;
}

void SerialFrameDecoder::drop()
{
    ++m_damaged;
    m_place = Place::Outside;
    m_escaped = false;
}

} // namespace enroll::transport

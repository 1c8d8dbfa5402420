#pragma once

#include "core/base/bytes.h"

/// Frames on a serial line between a station and an enroll-agent: a line that has no packets and no check of its own, that
/// loses, doubles and turns over what it carries, and into which a kernel may write its messages.
///
///     start      two bytes, F5 C9: neither is ASCII, and together they are in no text in UTF-8
///     version    UINT8, 1
///     kind       UINT8, SerialKind
///     length     UINT16, bytes of the payload, at most kLongestSerialPayload
///     session    UINT32
///     sequence   UINT32
///     payload
///     check      UINT32, CRC-32C of everything from the version to the payload
///
/// Big-endian. Behind the start, F5, the escape FD, and every control character of ASCII (00 to 1F, 7F) are sent as FD and the
/// byte with bit 6 turned over. Three things follow:
/// - F5 begins a frame wherever it stands, so that damage never costs more than the frame that it is in: a length that was
///   turned into a larger one ends with the next start
/// - each byte is looked at once, whatever a line carries
/// - a frame holds no line end and no other control character. Where a shell or a login prompt listens instead of an agent,
///   it is typed and never entered; no flow control by XON and XOFF takes bytes out of it
///
/// A later version keeps the start, the escapes and the place of version, length and check, so that an older reader can
/// tell that a frame is of a later version, and that it came whole.
namespace enroll::transport {

inline constexpr std::uint8_t kSerialVersion = 1;
/// As long as a TPM command or response can be; a test holds it to tpm::kLongestFrame.
inline constexpr std::size_t kLongestSerialPayload = 4096;

/// What a frame is. Another value is of a later agent or station, and is passed over.
enum class SerialKind : std::uint8_t {
    Hello = 1, ///< of the station: a session may begin. Payload: UINT64, a number that it drew for this one
    Welcome,   ///< of the agent: the session has begun. Payload: that of the hello
    Request,   ///< of the station. Payload: one TPM command
    Working,   ///< of the agent: the request came whole, its response follows. No payload
    Response,  ///< of the agent. Payload: the TPM's response to the request of the same sequence number
    Nack,      ///< of the agent: the request will not be run. Payload: UINT8, NackReason
    Goodbye,   ///< of the station: the session is over. No payload
};

/// Why an agent does not run a request.
enum class NackReason : std::uint8_t {
    UnknownSession = 1, ///< the agent ended it or was started again, or another station has begun one
    OutOfOrder,         ///< the sequence number is not the next one
};

struct SerialFrame {
    SerialKind kind;
    std::uint32_t session = 0;  ///< as the agent numbered it; 0 in a hello
    std::uint32_t sequence = 0; ///< of the request that the frame is or is about, from 1; 0 where there is none
    Bytes payload = {};
    std::uint8_t version = kSerialVersion;
    bool operator==(const SerialFrame&) const = default;
};

/// The frame as it is sent. The caller keeps the payload within kLongestSerialPayload (asserted).
Bytes encodeSerialFrame(const SerialFrame& frame);

/// The most bytes that a frame with \p payload bytes of payload can have on the line.
constexpr std::size_t mostSerialBytes(std::size_t payload) noexcept
{
    constexpr std::size_t kStartSize = 2;
    constexpr std::size_t kAround = 1 + 1 + 2 + 4 + 4 + 4; // version to sequence, and the check
    return kStartSize + 2 * (kAround + payload);
}

/// What a line carried.
struct SerialReception {
    std::vector<SerialFrame> frames; ///< whole and with the right check, in their order; of any version
    Bytes stray;                     ///< what belongs to no frame: noise, or the text of something else
};

/// Finds frames in what comes from a line, in parts of any size. A value without a thread or a clock.
///
/// Holds one frame at most, and its time is linear in what came. What take() returns is no longer than what it is given
/// and the frame that was under way. A frame that has begun and is damaged is dropped as a whole, counted, and is no
/// stray: the bytes of a TPM's response must not pass for a text of the line.
class SerialFrameDecoder {
public:
    SerialReception take(ByteView bytes);

    /// True between the start of a frame and its end.
    [[nodiscard]] bool isWithinFrame() const noexcept { return m_place == Place::Inside; }
    /// How many frames had a start, and then broke the rules or had a wrong check.
    [[nodiscard]] std::size_t damaged() const noexcept { return m_damaged; }

private:
    enum class Place { Outside, AfterFirst, Inside };

    void takeOutside(std::byte byte, SerialReception& reception);
    void takeInside(std::byte byte, SerialReception& reception);
    void append(std::byte byte, SerialReception& reception);
    void finish(SerialReception& reception);
    void begin();
    void drop();

    Place m_place = Place::Outside;
    bool m_escaped = false;    ///< the last byte was the escape
    Bytes m_body;              ///< from the version on, without escapes
    std::size_t m_wanted = 0;  ///< its size when it is whole, as far as is known
    std::size_t m_damaged = 0; ///< frames
};

} // namespace enroll::transport

#pragma once

#include "core/base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace enroll {

using Bytes = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;

/// The bytes of a text, not copied.
inline ByteView asBytes(std::string_view text) noexcept
{
    return std::as_bytes(std::span{text.data(), text.size()});
}

/// The bytes as characters, not copied. For text protocols; says nothing about encoding.
inline std::string_view asText(ByteView bytes) noexcept
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline Bytes toBytes(ByteView view)
{
    return {view.begin(), view.end()};
}

/// For C interfaces that want unsigned char.
inline const unsigned char* u8(ByteView bytes) noexcept
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* u8(std::span<std::byte> bytes) noexcept
{
    return reinterpret_cast<unsigned char*>(bytes.data());
}

bool equalBytes(ByteView left, ByteView right) noexcept;

/// All parts one after another.
Bytes concat(std::initializer_list<ByteView> parts);

/// Lower-case hexadecimal.
std::string toHex(ByteView bytes);
/// Error S-335 for an odd length or a character that is no hex digit.
Result<Bytes> fromHex(std::string_view text);

/// Reads big-endian fields from untrusted bytes: the TPM's structures and those that imitate them. Never reads past the
/// end. Does not own the bytes; what it returns points into them.
/// \par Errors   the code that its owner gives, because only the owner knows whose bytes they are; the text names the
///               field that does not fit
class ByteReader {
public:
    ByteReader(ByteView bytes, ErrorCode misfit) noexcept : m_rest(bytes), m_misfit(misfit) {}
    /// The same with S-335, for an owner who gives the errors a code of his own afterwards.
    explicit ByteReader(ByteView bytes) noexcept;

    Result<std::uint8_t> u8(std::string_view field);
    Result<std::uint16_t> u16(std::string_view field);
    Result<std::uint32_t> u32(std::string_view field);
    Result<std::uint64_t> u64(std::string_view field);
    Result<ByteView> take(std::size_t count, std::string_view field);
    /// A TPM2B: big-endian UINT16 size, then that many bytes, at most \p most of them.
    Result<ByteView> sized(std::size_t most, std::string_view field);
    /// Error unless everything has been read.
    Result<void> requireEnd(std::string_view structure) const;

    [[nodiscard]] std::size_t remaining() const noexcept { return m_rest.size(); }
    [[nodiscard]] ByteView rest() const noexcept { return m_rest; }

private:
    ByteView m_rest;
    ErrorCode m_misfit;
};

/// Appends big-endian fields.
class ByteWriter {
public:
    ByteWriter& u8(std::uint8_t value);
    ByteWriter& u16(std::uint16_t value);
    ByteWriter& u32(std::uint32_t value);
    ByteWriter& u64(std::uint64_t value);
    ByteWriter& bytes(ByteView value);
    /// A TPM2B. The caller keeps \p value within 65535 bytes (asserted).
    ByteWriter& sized(ByteView value);

    [[nodiscard]] ByteView view() const noexcept { return m_bytes; }
    [[nodiscard]] Bytes take() && { return std::move(m_bytes); }

private:
    Bytes m_bytes;
};

} // namespace enroll

#include "core/base/bytes.h"

#include "core/base/assert.h"
#include "core/base/station_code.h"

#include <algorithm>

namespace enroll {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

int hexValue(char c) noexcept
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

template <class T>
T bigEndian(ByteView bytes) noexcept
{
    T value = 0;
    for (const auto byte : bytes) {
        value = static_cast<T>((static_cast<std::uint64_t>(value) << 8U) | std::to_integer<std::uint64_t>(byte));
    }
    return value;
}

template <class T>
void appendBigEndian(Bytes& out, T value)
{
    for (int shift = static_cast<int>(sizeof(T) * 8) - 8; shift >= 0; shift -= 8) {
        out.push_back(
            static_cast<std::byte>((static_cast<std::uint64_t>(value) >> static_cast<unsigned>(shift)) & 0xFFU));
    }
}

} // namespace

bool equalBytes(ByteView left, ByteView right) noexcept
{
    return std::ranges::equal(left, right);
}

Bytes concat(std::initializer_list<ByteView> parts)
{
    Bytes all;
    for (const auto part : parts) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

std::string toHex(ByteView bytes)
{
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        const auto value = std::to_integer<unsigned>(byte);
        text.push_back(kHexDigits[value >> 4U]);
        text.push_back(kHexDigits[value & 0xFU]);
    }
    return text;
}

Result<Bytes> fromHex(std::string_view text)
{
    if (text.size() % 2 != 0) {
        return makeError(StationCode::EncodingMalformed, "a hexadecimal text needs an even number of digits");
    }
    Bytes bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hexValue(text[i]);
        const int low = hexValue(text[i + 1]);
        if (high < 0 || low < 0) {
            return makeError(StationCode::EncodingMalformed,
                             "not a hexadecimal digit at position " + std::to_string(i));
        }
        bytes.push_back(static_cast<std::byte>(high * 16 + low));
    }
    return bytes;
}

ByteReader::ByteReader(ByteView bytes) noexcept : ByteReader(bytes, StationCode::EncodingMalformed) {}

Result<ByteView> ByteReader::take(std::size_t count, std::string_view field)
{
    if (count > m_rest.size()) {
        return makeError(m_misfit, std::string{field} + " needs " + std::to_string(count) + " bytes, " +
                                       std::to_string(m_rest.size()) + " are left");
    }
    const auto taken = m_rest.first(count);
    m_rest = m_rest.subspan(count);
    return taken;
}

Result<std::uint8_t> ByteReader::u8(std::string_view field)
{
    TRY_ASSIGN(const auto taken, take(1, field));
    return bigEndian<std::uint8_t>(taken);
}

Result<std::uint16_t> ByteReader::u16(std::string_view field)
{
    TRY_ASSIGN(const auto taken, take(2, field));
    return bigEndian<std::uint16_t>(taken);
}

Result<std::uint32_t> ByteReader::u32(std::string_view field)
{
    TRY_ASSIGN(const auto taken, take(4, field));
    return bigEndian<std::uint32_t>(taken);
}

Result<std::uint64_t> ByteReader::u64(std::string_view field)
{
    TRY_ASSIGN(const auto taken, take(8, field));
    return bigEndian<std::uint64_t>(taken);
}

Result<ByteView> ByteReader::sized(std::size_t most, std::string_view field)
{
    TRY_ASSIGN(const std::size_t size, u16(field));
    if (size > most) {
        return makeError(m_misfit, std::string{field} + " says " + std::to_string(size) + " bytes, at most " +
                                       std::to_string(most));
    }
    return take(size, field);
}

Result<void> ByteReader::requireEnd(std::string_view structure) const
{
    if (!m_rest.empty()) {
        return makeError(m_misfit,
                         std::to_string(m_rest.size()) + " bytes follow the end of " + std::string{structure});
    }
    return {};
}

ByteWriter& ByteWriter::u8(std::uint8_t value)
{
    appendBigEndian(m_bytes, value);
    return *this;
}

ByteWriter& ByteWriter::u16(std::uint16_t value)
{
    appendBigEndian(m_bytes, value);
    return *this;
}

ByteWriter& ByteWriter::u32(std::uint32_t value)
{
    appendBigEndian(m_bytes, value);
    return *this;
}

ByteWriter& ByteWriter::u64(std::uint64_t value)
{
    appendBigEndian(m_bytes, value);
    return *this;
}

ByteWriter& ByteWriter::bytes(ByteView value)
{
    m_bytes.insert(m_bytes.end(), value.begin(), value.end());
    return *this;
}

ByteWriter& ByteWriter::sized(ByteView value)
{
    ENROLL_ASSERT(value.size() <= 0xFFFF, "a value whose size fits its two bytes");
    return u16(static_cast<std::uint16_t>(value.size())).bytes(value);
}

} // namespace enroll

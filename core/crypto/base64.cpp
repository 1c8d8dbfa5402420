#include "core/crypto/base64.h"

#include "core/base/station_code.h"

#include <algorithm>
#include <array>

namespace enroll::crypto {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoDigit = 0xFF;

/// The digit that each character stands for: a search through the alphabet for each would take most of the decoding.
constexpr auto kDigits = [] {
    std::array<std::uint8_t, 256> digits{};
    digits.fill(kNoDigit);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
        digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return digits;
}();

Error fault(std::string what)
{
    return makeError(StationCode::EncodingMalformed, "not base64: " + std::move(what));
}

std::size_t paddingOf(std::string_view text) noexcept
{
    if (text.ends_with("==")) {
        return 2;
    }
    return text.ends_with('=') ? 1 : 0;
}

/// The value of up to four characters, left-aligned in 24 bits.
Result<std::uint32_t> groupValue(std::string_view group, std::size_t position)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        value <<= 6U;
        if (i < group.size()) {
            const auto digit = kDigits[static_cast<unsigned char>(group[i])];
            if (digit == kNoDigit) {
                return fault("a character outside the alphabet at position " + std::to_string(position + i));
            }
            value |= digit;
        }
    }
    return value;
}

} // namespace

std::string toBase64(ByteView bytes)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (; !bytes.empty(); bytes = bytes.subspan(std::min<std::size_t>(3, bytes.size()))) {
        const auto count = std::min<std::size_t>(3, bytes.size());
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            group = (group << 8U) | (i < count ? std::to_integer<std::uint32_t>(bytes[i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            text.push_back(i <= count ? kAlphabet[(group >> (18 - 6 * i)) & 0x3FU] : '=');
        }
    }
    return text;
}

Result<Bytes> fromBase64(std::string_view text)
{
    if (text.size() % 4 != 0) {
        return fault("the length " + std::to_string(text.size()) + " is not a multiple of four");
    }
    const auto digits = text.substr(0, text.size() - paddingOf(text));
    Bytes bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (std::size_t at = 0; at < digits.size(); at += 4) {
        const auto group = digits.substr(at, 4);
        TRY_ASSIGN(const auto value, groupValue(group, at));
        const auto count = group.size() - 1; // two digits carry one byte, three carry two, four carry three
        for (std::size_t i = 0; i < count; ++i) {
            bytes.push_back(static_cast<std::byte>(value >> (16 - 8 * i)));
        }
        // Refused, so that each value has one text only: RFC 4648, section 3.5, "Canonical Encoding".
        if (count < 3 && (value & (0xFFFFFFU >> (8 * count))) != 0) {
            return fault("unused bits of the last character are not zero");
        }
    }
    return bytes;
}

} // namespace enroll::crypto

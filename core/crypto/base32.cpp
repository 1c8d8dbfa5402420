#include "core/crypto/base32.h"

namespace enroll::crypto {

std::string toBase32Lower(ByteView bytes)
{
    constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
    std::string text;
    text.reserve((bytes.size() * 8 + 4) / 5);
    unsigned buffer = 0;
    unsigned bits = 0;
    for (const auto byte : bytes) {
        buffer = (buffer << 8U) | std::to_integer<unsigned>(byte);
        for (bits += 8; bits >= 5; bits -= 5) {
            text.push_back(kAlphabet[(buffer >> (bits - 5)) & 0x1FU]);
        }
        buffer &= 0x1FU; // fewer than five bits are still to be written
    }
    if (bits > 0) {
        text.push_back(kAlphabet[(buffer << (5 - bits)) & 0x1FU]);
    }
    return text;
}

} // namespace enroll::crypto

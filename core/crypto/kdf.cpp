#include "core/crypto/kdf.h"

#include "core/base/station_code.h"
#include "core/crypto/hmac.h"

#include <algorithm>
#include <array>

namespace enroll::crypto {
namespace {

constexpr unsigned kMostBits = 8192; // far above any TPM key; bounds a mistaken call
constexpr std::array kNul{std::byte{0}};

std::array<std::byte, 4> bigEndian32(std::uint32_t value) noexcept
{
    return {static_cast<std::byte>(value >> 24U), static_cast<std::byte>(value >> 16U),
            static_cast<std::byte>(value >> 8U), static_cast<std::byte>(value)};
}

Result<void> requireBits(unsigned bits)
{
    if (bits == 0 || bits > kMostBits) {
        return makeError(StationCode::CryptoFailed, "a key of " + std::to_string(bits) + " bits cannot be derived");
    }
    return {};
}

/// Joins the blocks that \p block makes for counters 1, 2, … and cuts them to \p bits.
template <class Block>
Result<SecretBytes> derive(unsigned bits, Block block)
{
    TRY(requireBits(bits));
    SecretBytes key{(bits + 7) / 8};
    auto rest = key.writable();
    for (std::uint32_t counter = 1; !rest.empty(); ++counter) {
        TRY_ASSIGN(auto bytes, block(counter));
        const SecretBytes made{std::move(bytes)};
        const auto count = std::min(rest.size(), made.size());
        std::ranges::copy(made.view().first(count), rest.begin());
        rest = rest.subspan(count);
    }
    if (bits % 8 != 0) { // the key stands right-aligned in its bytes
        key.writable().front() &= static_cast<std::byte>((1U << (bits % 8)) - 1);
    }
    return key;
}

} // namespace

Result<SecretBytes> kdfa(HashAlgorithm algorithm, ByteView key, std::string_view label, ByteView contextU,
                         ByteView contextV, unsigned bits)
{
    const auto length = bigEndian32(bits);
    return derive(bits, [&](std::uint32_t counter) {
        return hmac(algorithm, key, {bigEndian32(counter), asBytes(label), kNul, contextU, contextV, length});
    });
}

Result<SecretBytes> kdfe(HashAlgorithm algorithm, ByteView sharedX, std::string_view label, ByteView partyUInfo,
                         ByteView partyVInfo, unsigned bits)
{
    return derive(bits, [&](std::uint32_t counter) {
        return digest(algorithm, {bigEndian32(counter), sharedX, asBytes(label), kNul, partyUInfo, partyVInfo});
    });
}

} // namespace enroll::crypto

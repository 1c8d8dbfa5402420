#include "core/attestation/certificate_lookup.h"

#include "core/base/overloaded.h"
#include "core/crypto/base64.h"

#include <algorithm>

namespace enroll::attestation {
namespace {

constexpr std::uint32_t kIntel = 0x494E5443; // "INTC"; TCG Vendor ID Registry, as the next
constexpr std::uint32_t kAmd = 0x414D4400;   // "AMD"

constexpr std::uint32_t kAmdRsa = 0x00002222; // AMD's words in front of a key's numbers
constexpr std::uint32_t kAmdEcc = 0x00004444;
constexpr std::size_t kAmdDigits = 16; // of the digest, in bytes

Bytes wordOf(std::uint32_t value)
{
    ByteWriter writer;
    writer.u32(value);
    return std::move(writer).take();
}

/// Of the modulus and the exponent in three bytes, or of the two coordinates.
Result<Bytes> digestForIntel(const crypto::PublicKey& key)
{
    return std::visit(Overloaded{[](const crypto::RsaPublicKey& rsa) {
                                     const auto exponent = wordOf(rsa.exponent);
                                     return crypto::sha256({rsa.modulus, ByteView{exponent}.subspan(1)});
                                 },
                                 [](const crypto::EccPublicKey& ecc) {
                                     return crypto::sha256({ecc.x, ecc.y});
                                 }},
                      key);
}

/// Of a word for the kind of key, then the exponent in four bytes and the modulus, or the two coordinates.
Result<Bytes> digestForAmd(const crypto::PublicKey& key)
{
    return std::visit(Overloaded{[](const crypto::RsaPublicKey& rsa) {
                                     return crypto::sha256({wordOf(kAmdRsa), wordOf(rsa.exponent), rsa.modulus});
                                 },
                                 [](const crypto::EccPublicKey& ecc) {
                                     return crypto::sha256({wordOf(kAmdEcc), ecc.x, ecc.y});
                                 }},
                      key);
}

/// RFC 4648, section 5; the padding as it stands in an URL.
std::string base64Url(ByteView bytes)
{
    std::string text;
    for (const char c : crypto::toBase64(bytes)) {
        text += c == '+' ? "-" : c == '/' ? "_" : c == '=' ? "%3D" : std::string{c};
    }
    return text;
}

std::string upperHex(ByteView bytes)
{
    auto text = toHex(bytes);
    std::ranges::transform(text, text.begin(), [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
}

} // namespace

Result<std::optional<std::string>> certificateLookupUrl(std::uint32_t manufacturerId, const PublicArea& area)
{
    const auto key = statedKeyOf(area);
    if (!key.ok() || (manufacturerId != kIntel && manufacturerId != kAmd)) {
        return std::optional<std::string>{};
    }
    if (manufacturerId == kIntel) {
        TRY_ASSIGN(const auto digest, digestForIntel(*key));
        return std::optional{"https://ekop.intel.com/ekcertservice/" + base64Url(digest)};
    }
    TRY_ASSIGN(const auto digest, digestForAmd(*key));
    return std::optional{"https://ftpm.amd.com/pki/aia/" + upperHex(ByteView{digest}.first(kAmdDigits))};
}

} // namespace enroll::attestation

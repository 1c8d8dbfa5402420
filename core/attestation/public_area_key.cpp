#include "core/attestation/public_area.h"
#include "core/attestation/tpm_algorithm.h"
#include "core/base/device_code.h"

#include <algorithm>

namespace enroll::attestation {
namespace {

constexpr std::uint32_t kDefaultExponent = 65537; // what 0 on the wire stands for

void writeSymmetric(ByteWriter& out, const std::optional<SymmetricParent>& symmetric)
{
    if (symmetric) {
        out.u16(symmetric->algorithm).u16(symmetric->keyBits).u16(alg::kCfb);
    } else {
        out.u16(alg::kNull);
    }
}

void writeScheme(ByteWriter& out, std::uint16_t algorithm, std::uint16_t hash)
{
    out.u16(algorithm);
    if (algorithm != alg::kNull && algorithm != alg::kRsaEs) {
        out.u16(hash);
    }
}

struct WriteParameters {
    ByteWriter& out;

    void operator()(const RsaParameters& rsa) const
    {
        writeSymmetric(out, rsa.symmetric);
        writeScheme(out, rsa.scheme, rsa.schemeHash);
        out.u16(rsa.keyBits).u32(rsa.exponent);
    }
    void operator()(const EccParameters& ecc) const
    {
        writeSymmetric(out, ecc.symmetric);
        writeScheme(out, ecc.scheme, ecc.schemeHash);
        out.u16(ecc.curve);
        writeScheme(out, ecc.kdf, ecc.kdfHash);
    }
    void operator()(const HmacParameters& hmac) const
    {
        out.u16(alg::kHmac).u16(static_cast<std::uint16_t>(hmac.hash));
    }
};

struct WriteUnique {
    ByteWriter& out;

    void operator()(const Bytes& bytes) const { out.sized(bytes); }
    void operator()(const EccPoint& point) const { out.sized(point.x).sized(point.y); }
};

struct TypeOf {
    std::uint16_t operator()(const RsaParameters&) const noexcept { return alg::kRsa; }
    std::uint16_t operator()(const EccParameters&) const noexcept { return alg::kEcc; }
    std::uint16_t operator()(const HmacParameters&) const noexcept { return alg::kKeyedHash; }
};

Error unusable(std::string what)
{
    return makeError(DeviceCode::EndorsementKeyUnusable, std::move(what), "TPM2B_PUBLIC");
}

/// Pads with zeros on the left: a TPM may leave out the leading zeros of a coordinate.
Bytes padded(const Bytes& coordinate, std::size_t size)
{
    Bytes out(size - std::min(size, coordinate.size()));
    out.insert(out.end(), coordinate.begin(), coordinate.end());
    return out;
}

Result<crypto::PublicKey> rsaKey(const RsaParameters& parameters, const PublicArea& area)
{
    const auto* modulus = std::get_if<Bytes>(&area.unique);
    if (modulus == nullptr || modulus->size() * 8 != parameters.keyBits) {
        return unusable("the RSA modulus does not have the size that the key states");
    }
    const auto exponent = parameters.exponent == 0 ? kDefaultExponent : parameters.exponent;
    return crypto::PublicKey{crypto::RsaPublicKey{*modulus, exponent}};
}

Result<crypto::PublicKey> eccKey(const EccParameters& parameters, const PublicArea& area)
{
    const auto curve = static_cast<crypto::EccCurve>(parameters.curve);
    const auto size = crypto::coordinateSize(curve);
    const auto* point = std::get_if<EccPoint>(&area.unique);
    if (point == nullptr || point->x.size() > size || point->y.size() > size) {
        return unusable("the ECC point does not have the size of its curve");
    }
    return crypto::PublicKey{crypto::EccPublicKey{curve, padded(point->x, size), padded(point->y, size)}};
}

std::string hashText(crypto::HashAlgorithm hash)
{
    if (hash == crypto::HashAlgorithm::Sm3) {
        return "sm3";
    }
    return "sha" + std::to_string(hash == crypto::HashAlgorithm::Sha1 ? 1 : crypto::digestSize(hash) * 8);
}

struct AlgorithmText {
    std::string operator()(const RsaParameters& rsa) const { return "rsa" + std::to_string(rsa.keyBits); }
    std::string operator()(const EccParameters& ecc) const
    {
        switch (static_cast<crypto::EccCurve>(ecc.curve)) {
        case crypto::EccCurve::NistP256:
            return "ecc-p256";
        case crypto::EccCurve::NistP384:
            return "ecc-p384";
        case crypto::EccCurve::NistP521:
            return "ecc-p521";
        }
        return "ecc";
    }
    std::string operator()(const HmacParameters& hmac) const { return "hmac-" + hashText(hmac.hash); }
};

} // namespace

Bytes marshalPublicArea(const PublicArea& area)
{
    ByteWriter out;
    out.u16(std::visit(TypeOf{}, area.parameters)).u16(static_cast<std::uint16_t>(area.nameAlgorithm));
    out.u32(area.attributes).sized(area.authPolicy);
    std::visit(WriteParameters{out}, area.parameters);
    std::visit(WriteUnique{out}, area.unique);
    return std::move(out).take();
}

Bytes marshalPublic(const PublicArea& area)
{
    return std::move(ByteWriter{}.sized(marshalPublicArea(area))).take();
}

Result<crypto::PublicKey> statedKeyOf(const PublicArea& area)
{
    if (const auto* rsa = std::get_if<RsaParameters>(&area.parameters)) {
        return rsaKey(*rsa, area);
    }
    if (const auto* ecc = std::get_if<EccParameters>(&area.parameters)) {
        return eccKey(*ecc, area);
    }
    return unusable("the object is a keyed hash, not an asymmetric key");
}

Result<crypto::PublicKey> publicKeyOf(const PublicArea& area)
{
    TRY_ASSIGN(auto key, statedKeyOf(area));
    TRY(crypto::requireUsableKey(key));
    return key;
}

std::string algorithmText(const PublicArea& area)
{
    return std::visit(AlgorithmText{}, area.parameters);
}

Result<Bytes> objectName(const PublicArea& area)
{
    TRY_ASSIGN(const auto digest, crypto::digest(area.nameAlgorithm, {marshalPublicArea(area)}));
    return std::move(ByteWriter{}.u16(static_cast<std::uint16_t>(area.nameAlgorithm)).bytes(digest)).take();
}

} // namespace enroll::attestation

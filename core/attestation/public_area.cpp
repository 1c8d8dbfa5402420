#include "core/attestation/public_area.h"

#include "core/attestation/tpm_algorithm.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"

#include <algorithm>
#include <array>

namespace enroll::attestation {
namespace {

/// The largest modulus (RSA-4096) and coordinate (P-521) that any known endorsement key has.
constexpr std::size_t kMostModulus = 512;
constexpr std::size_t kMostCoordinate = 66;
constexpr std::size_t kMostDigest = 64;

constexpr std::array kHashSchemes{alg::kRsaSsa, alg::kRsaPss, alg::kOaep,      alg::kEcdsa,
                                  alg::kEcdh,   alg::kSm2,    alg::kEcSchnorr, alg::kEcMqv};
constexpr std::array kDerivations{alg::kMgf1, alg::kKdf1Sp800_56a, alg::kKdf2, alg::kKdf1Sp800_108};
constexpr std::array<std::uint16_t, 4> kRsaBits{1024, 2048, 3072, 4096};
constexpr std::array<std::uint16_t, 3> kAesBits{128, 192, 256};
constexpr std::array<std::uint16_t, 3> kCurves{3, 4, 5};

template <class List>
bool contains(const List& list, std::uint16_t value) noexcept
{
    return std::ranges::find(list, value) != list.end();
}

Error unknown(std::string_view field, std::uint32_t value)
{
    std::array<std::byte, 2> bytes{static_cast<std::byte>(value >> 8U), static_cast<std::byte>(value)};
    return makeError(StationCode::KeyMaterialUnusable,
                     std::string{field} + " 0x" + toHex(bytes) + " is not supported by this program");
}

bool isHash(std::uint16_t value) noexcept
{
    using enum crypto::HashAlgorithm;
    constexpr std::array kHashes{Sha1, Sha256, Sha384, Sha512};
    return std::ranges::any_of(kHashes, [value](auto hash) { return static_cast<std::uint16_t>(hash) == value; });
}

Result<crypto::HashAlgorithm> readHash(ByteReader& reader, std::string_view field)
{
    TRY_ASSIGN(const auto value, reader.u16(field));
    if (!isHash(value)) {
        return unknown(field, value);
    }
    return static_cast<crypto::HashAlgorithm>(value);
}

Result<std::optional<SymmetricParent>> readSymmetric(ByteReader& reader)
{
    TRY_ASSIGN(const auto algorithm, reader.u16("symmetric algorithm"));
    if (algorithm == alg::kNull) {
        return std::optional<SymmetricParent>{};
    }
    if (algorithm != alg::kAes) {
        return unknown("symmetric algorithm", algorithm);
    }
    TRY_ASSIGN(const auto bits, reader.u16("symmetric key bits"));
    TRY_ASSIGN(const auto mode, reader.u16("symmetric mode"));
    if (!contains(kAesBits, bits)) {
        return unknown("symmetric key bits", bits);
    }
    if (mode != alg::kCfb) {
        return unknown("symmetric mode", mode);
    }
    return std::optional{SymmetricParent{bits}};
}

struct Scheme {
    std::uint16_t algorithm = alg::kNull;
    std::uint16_t hash = 0;
};

/// A scheme and its hash. TPM_ALG_NULL and RSAES have none; every scheme of \p withHash has one.
template <class List>
Result<Scheme> readScheme(ByteReader& reader, const List& withHash, std::string_view field)
{
    TRY_ASSIGN(const auto algorithm, reader.u16(field));
    if (algorithm == alg::kNull || algorithm == alg::kRsaEs) {
        return Scheme{algorithm, 0};
    }
    if (!contains(withHash, algorithm)) {
        return unknown(field, algorithm);
    }
    TRY_ASSIGN(const auto hash, readHash(reader, field));
    return Scheme{algorithm, static_cast<std::uint16_t>(hash)};
}

Result<void> readRsa(ByteReader& reader, PublicArea& area)
{
    RsaParameters parameters;
    TRY_ASSIGN(parameters.symmetric, readSymmetric(reader));
    TRY_ASSIGN(const auto scheme, readScheme(reader, kHashSchemes, "RSA scheme"));
    parameters.scheme = scheme.algorithm;
    parameters.schemeHash = scheme.hash;
    TRY_ASSIGN(parameters.keyBits, reader.u16("RSA key bits"));
    TRY_ASSIGN(parameters.exponent, reader.u32("RSA exponent"));
    if (!contains(kRsaBits, parameters.keyBits)) {
        return unknown("RSA key bits", parameters.keyBits);
    }
    TRY_ASSIGN(const auto modulus, reader.sized(kMostModulus, "RSA modulus"));
    area.unique = toBytes(modulus);
    area.parameters = parameters;
    return {};
}

Result<void> readEcc(ByteReader& reader, PublicArea& area)
{
    EccParameters parameters;
    TRY_ASSIGN(parameters.symmetric, readSymmetric(reader));
    TRY_ASSIGN(const auto scheme, readScheme(reader, kHashSchemes, "ECC scheme"));
    parameters.scheme = scheme.algorithm;
    parameters.schemeHash = scheme.hash;
    TRY_ASSIGN(parameters.curve, reader.u16("ECC curve"));
    if (!contains(kCurves, parameters.curve)) {
        return unknown("ECC curve", parameters.curve);
    }
    TRY_ASSIGN(const auto derivation, readScheme(reader, kDerivations, "ECC key derivation"));
    parameters.kdf = derivation.algorithm;
    parameters.kdfHash = derivation.hash;
    TRY_ASSIGN(const auto x, reader.sized(kMostCoordinate, "ECC point x"));
    TRY_ASSIGN(const auto y, reader.sized(kMostCoordinate, "ECC point y"));
    area.unique = EccPoint{toBytes(x), toBytes(y)};
    area.parameters = parameters;
    return {};
}

Result<void> readKeyedHash(ByteReader& reader, PublicArea& area)
{
    TRY_ASSIGN(const auto scheme, reader.u16("keyed hash scheme"));
    if (scheme != alg::kHmac) {
        return unknown("keyed hash scheme", scheme);
    }
    TRY_ASSIGN(const auto hash, readHash(reader, "HMAC hash"));
    TRY_ASSIGN(const auto unique, reader.sized(kMostDigest, "keyed hash unique"));
    area.parameters = HmacParameters{hash};
    area.unique = toBytes(unique);
    return {};
}

Result<void> readParametersAndUnique(ByteReader& reader, std::uint16_t type, PublicArea& area)
{
    switch (type) {
    case alg::kRsa:
        return readRsa(reader, area);
    case alg::kEcc:
        return readEcc(reader, area);
    case alg::kKeyedHash:
        return readKeyedHash(reader, area);
    default:
        return unknown("object type", type);
    }
}

Result<PublicArea> readPublicArea(ByteReader& reader)
{
    PublicArea area;
    TRY_ASSIGN(const auto type, reader.u16("object type"));
    TRY_ASSIGN(area.nameAlgorithm, readHash(reader, "name algorithm"));
    TRY_ASSIGN(area.attributes, reader.u32("attributes"));
    TRY_ASSIGN(const auto authPolicy, reader.sized(kMostDigest, "authorization policy"));
    area.authPolicy = toBytes(authPolicy);
    if (!area.authPolicy.empty() && area.authPolicy.size() != crypto::digestSize(area.nameAlgorithm)) {
        return makeError(StationCode::KeyMaterialUnusable,
                         "authorization policy does not have the size of the name algorithm's digest");
    }
    TRY(readParametersAndUnique(reader, type, area));
    TRY(reader.requireEnd("TPMT_PUBLIC"));
    return area;
}

/// The last check marshals the area again and compares. Nothing that this parser overlooked can then tell two texts of
/// one key apart, and the service compares endorsement keys byte by byte.
Result<PublicArea> readSizedPublic(ByteView tpm2bPublic)
{
    ByteReader reader{tpm2bPublic};
    TRY_ASSIGN(const auto size, reader.u16("size of TPM2B_PUBLIC"));
    if (size != reader.remaining()) {
        return makeError(StationCode::KeyMaterialUnusable, "size of TPM2B_PUBLIC says " + std::to_string(size) +
                                                               " bytes, " + std::to_string(reader.remaining()) +
                                                               " follow");
    }
    TRY_ASSIGN(auto area, readPublicArea(reader));
    if (!equalBytes(marshalPublic(area), tpm2bPublic)) {
        return makeError(StationCode::KeyMaterialUnusable, "TPM2B_PUBLIC is not in its canonical form");
    }
    return area;
}

std::uint16_t bigEndianAt(ByteView bytes, std::size_t at) noexcept
{
    return static_cast<std::uint16_t>((std::to_integer<unsigned>(bytes[at]) << 8U) |
                                      std::to_integer<unsigned>(bytes[at + 1]));
}

std::uint16_t littleEndianAt(ByteView bytes, std::size_t at) noexcept
{
    return static_cast<std::uint16_t>((std::to_integer<unsigned>(bytes[at + 1]) << 8U) |
                                      std::to_integer<unsigned>(bytes[at]));
}

bool isType(std::uint16_t value) noexcept
{
    return value == alg::kRsa || value == alg::kEcc || value == alg::kKeyedHash;
}

/// True for a dump of tpm2-tools' C structure, which is in the byte order of the machine.
bool looksLittleEndian(ByteView bytes) noexcept
{
    const auto typeAndHashAt = [bytes](std::size_t at) {
        return isType(littleEndianAt(bytes, at)) && isHash(littleEndianAt(bytes, at + 2));
    };
    // A C structure in memory: the size, two bytes of padding if the compiler put them there, then the TPMT_PUBLIC.
    return bytes.size() >= 8 && (typeAndHashAt(2) || typeAndHashAt(4));
}

/// The name of a form that is often given by mistake instead of a TPM2B_PUBLIC; empty if the bytes look like none of
/// them.
std::string_view mistakenForm(ByteView bytes) noexcept
{
    if (asText(bytes).starts_with("-----BEGIN")) {
        return "a PEM text";
    }
    if (bytes.size() >= 4 && bytes[0] == std::byte{0x30} && (bytes[1] & std::byte{0x80}) != std::byte{0}) {
        return "a DER structure";
    }
    if (bytes.size() >= 4 && isType(bigEndianAt(bytes, 0)) && isHash(bigEndianAt(bytes, 2))) {
        return "a TPMT_PUBLIC without its size";
    }
    return looksLittleEndian(bytes) ? "a little-endian structure dump" : "";
}

} // namespace

Result<PublicArea> parsePublic(ByteView tpm2bPublic)
{
    auto area = readSizedPublic(tpm2bPublic);
    if (area.ok()) {
        return area;
    }
    auto error = recoded(std::move(area).error(), StationCode::KeyMaterialUnusable);
    error.operation = "TPM2B_PUBLIC";
    if (const auto form = mistakenForm(tpm2bPublic); !form.empty()) {
        error.what = "the bytes are " + std::string{form} +
                     "; a TPM2B_PUBLIC (big-endian, with its two-byte size) is needed: export the key in that form";
    }
    return error;
}

} // namespace enroll::attestation

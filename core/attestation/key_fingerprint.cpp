#include "core/attestation/key_fingerprint.h"

#include "core/attestation/public_area.h"
#include "core/attestation/tpm_algorithm.h"
#include "core/crypto/digest.h"

namespace enroll::attestation {
namespace {

/// An encoding of our own: the type first, then each number with its size, so that no two keys give the same bytes.
struct Encode {
    Bytes operator()(const crypto::RsaPublicKey& rsa) const
    {
        return std::move(ByteWriter{}.u16(alg::kRsa).u32(rsa.exponent).sized(rsa.modulus)).take();
    }
    Bytes operator()(const crypto::EccPublicKey& ecc) const
    {
        const auto curve = static_cast<std::uint16_t>(ecc.curve);
        return std::move(ByteWriter{}.u16(alg::kEcc).u16(curve).sized(ecc.x).sized(ecc.y)).take();
    }
};

} // namespace

Result<Bytes> keyFingerprint(ByteView tpm2bPublic)
{
    TRY_ASSIGN(const auto area, parsePublic(tpm2bPublic));
    TRY_ASSIGN(const auto key, publicKeyOf(area));
    return fingerprintOf(key);
}

Result<Bytes> fingerprintOf(const crypto::PublicKey& key)
{
    return crypto::sha256({std::visit(Encode{}, key)});
}

} // namespace enroll::attestation

#include "core/attestation/other_keys.h"

#include "core/attestation/public_area.h"
#include "core/base/station_code.h"
#include "core/crypto/certificate.h"

#include <algorithm>

namespace enroll::attestation {
namespace {

Result<crypto::PublicKey> keyOf(ByteView tpm2bPublic)
{
    TRY_ASSIGN(const auto area, parsePublic(tpm2bPublic));
    return publicKeyOf(area);
}

/// The keys as they were read, with those that are none.
std::vector<Result<crypto::PublicKey>> keysRead(const EndorsementKeyReading& reading)
{
    std::vector<Result<crypto::PublicKey>> keys;
    for (const auto& area : reading.otherKeys) {
        keys.push_back(keyOf(area));
    }
    if (!reading.certificateNv) {
        return keys;
    }
    const auto stored = crypto::certificatesFromNv(*reading.certificateNv);
    if (!stored.ok()) {
        keys.emplace_back(stored.error());
        return keys;
    }
    for (const auto& certificate : stored->certificates) {
        keys.push_back(certificate.publicKey());
    }
    return keys;
}

} // namespace

Result<std::vector<crypto::PublicKey>> otherKeysOf(const EndorsementKeyReading& reading)
{
    const auto own = keyOf(reading.publicArea);
    std::vector<crypto::PublicKey> others;
    for (const auto& key : keysRead(reading)) {
        if (!key.ok()) {
            if (key.error().code == StationCode::CryptoFailed) {
                return key.error();
            }
            continue;
        }
        const bool isOwn = own.ok() && *own == *key;
        if (!isOwn && std::ranges::find(others, *key) == others.end()) {
            others.push_back(*key);
        }
    }
    return others;
}

} // namespace enroll::attestation

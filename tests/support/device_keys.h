#pragma once

#include "core/attestation/public_area.h"

#include <string>

namespace enroll::test {

/// An asymmetric key whose private half the test knows, PKCS#8 PEM.
struct DeviceKey {
    std::string pem;
    attestation::PublicArea area;
};

/// Endorsement and storage root key of one imagined TPM.
struct DeviceKeys {
    DeviceKey endorsementKey;
    DeviceKey storageRootKey;
};

enum class KeyKind { Rsa2048, EccP256, EccP384 };

/// A fresh key in the shape of the TCG template for its kind: RSA and P-256 with SHA-256 and AES-128, P-384 with
/// SHA-384 and AES-256.
DeviceKey makeEndorsementKey(KeyKind kind);
DeviceKey makeStorageRootKey(KeyKind kind);
DeviceKeys makeDeviceKeys(KeyKind endorsementKey, KeyKind storageRootKey);

} // namespace enroll::test

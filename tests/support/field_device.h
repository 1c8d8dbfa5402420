#pragma once

#include "core/attestation/activation_challenge.h"
#include "core/base/clock.h"
#include "core/crypto/hmac.h"
#include "core/crypto/sas_token.h"
#include "tests/support/fake_device_tpm.h"
#include "tests/support/must.h"

#include <string>

namespace enroll::test {

/// A device in the field: opens what the service sends with keys of its own and signs with what it finds inside.
class FieldDevice {
public:
    FieldDevice() : m_keys(makeDeviceKeys(KeyKind::Rsa2048, KeyKind::Rsa2048)) {}

    [[nodiscard]] Bytes endorsementKey() const { return attestation::marshalPublic(m_keys.endorsementKey.area); }
    [[nodiscard]] Bytes storageRootKey() const { return attestation::marshalPublic(m_keys.storageRootKey.area); }
    /// Owner clear: another storage root key under the same endorsement key.
    void replaceStorageRootKey() { m_keys.storageRootKey = makeStorageRootKey(KeyKind::Rsa2048); }

    /// The key inside an activation blob.
    [[nodiscard]] Bytes keyInside(ByteView blob) const
    {
        const auto parts = must(attestation::parseActivationBlob(blob));
        const auto innerKey = must(openCredential(m_keys, parts));
        return toBytes(must(openDuplicate(m_keys, parts, innerKey.view())).view());
    }

    /// A token as device SDKs make it: the resource percent-encoded, the policy "registration".
    [[nodiscard]] static std::string token(const std::string& idScope, const std::string& registrationId,
                                           ByteView idKey, UtcTime expiry)
    {
        const auto resource = crypto::percentEncode(idScope + "/registrations/" + registrationId);
        return must(crypto::makeSasToken(resource, expiry, idKey, "registration"));
    }

private:
    DeviceKeys m_keys;
};

} // namespace enroll::test

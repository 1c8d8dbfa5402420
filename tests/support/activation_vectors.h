#pragma once

#include "core/attestation/activation_challenge.h"
#include "tests/support/device_keys.h"

namespace enroll::test {

/// tests/data/activation-vectors.json: one challenge worked out in full, with test keys.
class ActivationVectors {
public:
    ActivationVectors();

    /// The bytes at a dotted path, "credential.seed".
    [[nodiscard]] Bytes bytes(const std::string& path) const;
    [[nodiscard]] std::string text(const std::string& path) const;

    [[nodiscard]] DeviceKeys keys() const;
    [[nodiscard]] attestation::ActivationSeeds seeds() const;

    /// TPMA_OBJECT of the HMAC key in this example; the service's own is kServiceHmacKeyAttributes.
    static constexpr std::uint32_t kAttributes = 0x00040040;

private:
    std::string m_json;
};

} // namespace enroll::test

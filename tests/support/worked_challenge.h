#pragma once

#include "core/attestation/activation_challenge.h"
#include "tests/support/activation_vectors.h"
#include "tests/support/device_keys.h"

namespace enroll::test {

/// The worked activation challenge as values of the domain.
class WorkedChallenge : public ActivationVectors {
public:
    [[nodiscard]] DeviceKeys keys() const;
    [[nodiscard]] attestation::ActivationSeeds seeds() const;

    /// TPMA_OBJECT of the HMAC key in this example; the service's own is kServiceHmacKeyAttributes.
    static constexpr std::uint32_t kAttributes = 0x00040040;
};

} // namespace enroll::test

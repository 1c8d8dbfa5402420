#pragma once

#include "core/attestation/device_tpm.h"
#include "core/attestation/finding_catalog.h"
#include "core/attestation/firmware_version.h"
#include "core/attestation/ship_state.h"

namespace enroll::attestation {

enum class CertificateRequirement { Trusted, Present, None };
enum class OnFinding { Accept, Warning, Hold, Fail };

/// The part of a product profile that judges a TPM.
struct AttestationPolicy {
    bool allowSoftware = false;
    CertificateRequirement certificate = CertificateRequirement::Trusted;
    OnFinding onMissingCertificate = OnFinding::Hold;
    OnFinding onExpiredCertificate = OnFinding::Warning;
    FindingSeverities severities;                  ///< what the profile sets by name; it outranks the members above
    std::vector<std::string> allowedManufacturers; ///< "IFX"; empty means any
    OldestFirmware oldestFirmware;                 ///< a maker that is not in it: any firmware
    std::optional<ShipState> shipState;            ///< absent: how a device ships is not looked at
    EkChoice endorsementKey;                       ///< the key that is read, attested and enrolled
    std::string deviceSdk;          ///< DeviceSdk::who of the one in the product's software; empty: it may be any
    KeysToPersist persistAfterPass; ///< only a device that passed is changed
    bool operator==(const AttestationPolicy&) const = default;
};

} // namespace enroll::attestation

#pragma once

#include "core/attestation/device_tpm.h"
#include "core/delivery/waiting.h"
#include "core/enrollment/ids.h"
#include "db/dps/https_client.h"

namespace enroll::db::registration {

/// What a device in the field knows of its provisioning service.
struct RegistrationOrder {
    std::string serviceUrl; ///< "https://host[:port]"
    std::string idScope;    ///< "0ne00000001"
    enrollment::RegistrationId registrationId;
    std::filesystem::path caFile;              ///< authorities for TLS, PEM; empty: those of the system
    attestation::EkChoice endorsementKey;      ///< the key that was enrolled, as the profile chooses it
    std::chrono::milliseconds deadline{60000}; ///< for the whole registration
};

/// The hub and name that the service gave the device.
struct Assignment {
    std::string hub;
    std::string deviceId;
    enrollment::RegistrationId registrationId;
    std::string status;    ///< "assigned"
    std::string substatus; ///< "initialAssignment", …; empty if the service sends none
    bool operator==(const Assignment&) const = default;
};

/// Registers with the provisioning service as the device will in the field.
///
/// 1. Requests registration and gets a challenge.
/// 2. Activates the challenge in the TPM and signs with the key inside: proof that this TPM holds the enrolled key. A
///    challenge of the station's own goes before, so that one that the service damaged is not taken for the TPM's fault.
/// 3. Requests registration again, signed, and polls the operation (pollDelay()) until it is assigned.
/// 4. Activates the second key, with which the device signs to its hub, and signs once to prove that it works.
///
/// Nothing is made persistent in the TPM, and it is released on every path. Blocks, so not for the GUI thread. Needs a
/// QCoreApplication.
/// \par Errors   U-404 (id unknown), U-411 (enrolled with another endorsement key), U-412 (disabled), U-413 (signature
///               refused), U-414 (id scope unknown), U-415 (assignment failed), U-417 (a challenge or key that this
///               TPM, which opens others, cannot open), U-495 (TLS), U-503, U-504, U-502
///               (answer not understood, or about another device), S-331 (URL), those of DeviceTpm, D-141
/// \par Source   Azure DPS device API 2021-06-01, "Runtime Registration"; TPM attestation concepts
Result<Assignment> registerDevice(attestation::DeviceTpm& tpm, const RegistrationOrder& order,
                                  const std::stop_token& stop);

/// registerDevice() over a given HTTPS exchange and clock, for tests.
Result<Assignment> registerDevice(attestation::DeviceTpm& tpm, const RegistrationOrder& order,
                                  dps::HttpsExchange& https, delivery::Waiting& waiting, const std::stop_token& stop);

} // namespace enroll::db::registration

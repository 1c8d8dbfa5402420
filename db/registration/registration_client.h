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
    std::filesystem::path caFile;              ///< PEM; empty: the system's authorities
    attestation::EkChoice endorsementKey;      ///< the key that was enrolled, as the profile chooses it
    std::chrono::milliseconds deadline{60000}; ///< for the whole registration
};

/// Where the service put the device.
struct Assignment {
    std::string hub;
    std::string deviceId;
    enrollment::RegistrationId registrationId;
    std::string status;    ///< "assigned"
    std::string substatus; ///< "initialAssignment", …; empty if the service says nothing
    bool operator==(const Assignment&) const = default;
};

/// Plays the device in the field: proves to the service that this TPM holds the enrolled endorsement key and takes the
/// key that the service made for it.
///
/// Register, answer the challenge in the TPM (activate, sign), register again with that signature, poll at most five
/// times in ten seconds and never sooner than the service asks, then activate the second key and prove it by signing
/// once. Nothing is made persistent. The TPM is released on every path.
///
/// Blocks; not on a GUI thread. Needs a QCoreApplication.
/// \par Errors   U-404 (id unknown), U-411 (enrolled with another endorsement key), U-412 (disabled), U-413 (signature
///               refused), U-414 (id scope unknown), U-415 (assignment failed), U-495 (TLS), U-503, U-504, U-502
///               (answer not understood), S-331 (URL), those of DeviceTpm, D-141
/// \par Source   Azure DPS device API 2021-06-01, "Runtime Registration"; TPM attestation concepts
Result<Assignment> registerDevice(attestation::DeviceTpm& tpm, const RegistrationOrder& order,
                                  const std::stop_token& stop);

/// The same over a given exchange and clock.
Result<Assignment> registerDevice(attestation::DeviceTpm& tpm, const RegistrationOrder& order,
                                  dps::HttpsExchange& https, delivery::Waiting& waiting, const std::stop_token& stop);

} // namespace enroll::db::registration

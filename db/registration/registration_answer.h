#pragma once

#include "core/attestation/activation_challenge.h"
#include "db/registration/registration_client.h"

#include <variant>

/// Reads the provisioning service's answers to a device that registers. Pure functions of values.
/// Source: DPS REST specification, device API 2021-06-01.
namespace enroll::db::registration {

struct RegistrationChallenge {
    attestation::ActivationBlob blob;
    std::string keyName; ///< goes into the token as `skn`
};

/// Reads the answer to the first, unsigned request, which must be a challenge: status 401 with an authenticationKey.
/// \par Errors   U-404, U-411 to U-414, U-429, U-500, U-502 as registrationError()
Result<RegistrationChallenge> judgeChallenge(const dps::HttpAnswer& answer);

/// The service has not assigned the device yet: poll the operation.
struct StillAssigning {
    std::string operationId;
};
struct Assigned {
    Assignment assignment;
    attestation::ActivationBlob deviceKey; ///< the key that signs the device's hub tokens
};
using RegistrationProgress = std::variant<StillAssigning, Assigned>;

/// Reads the answer to the signed request and to each poll. The status word in the body decides, whatever its letter
/// case.
/// \par Errors   U-411, U-412, U-404, U-415 by the status word and the error code beside it; else as
///               registrationError()
Result<RegistrationProgress> judgeProgress(const dps::HttpAnswer& answer);

/// The Error for a refusal. The service's own error code decides if it is known here, else the HTTP status: 401 without
/// a key is U-413, 404002 U-414, any other 404 U-404, 400004 U-411, 429 U-429, 5xx U-500, everything else U-502, and so
/// are a 401 and a 404 that a gateway gave.
Error registrationError(const dps::HttpAnswer& answer);

/// The wait before the next poll: what the service asks for in Retry-After, but two seconds at least. That keeps to its
/// limit of five polls in ten seconds. Source: Azure IoT Hub DPS limits, "Device polling".
std::chrono::milliseconds pollDelay(const dps::HttpAnswer& answer, UtcTime now);

/// "host[:port]" of "https://host[:port]". Error S-331 for any other text.
Result<std::string> authorityOf(const std::string& serviceUrl);

} // namespace enroll::db::registration

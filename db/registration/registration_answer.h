#pragma once

#include "core/attestation/activation_challenge.h"
#include "db/registration/registration_client.h"

#include <variant>

/// What the service says to a device that registers. Pure functions of values.
namespace enroll::db::registration {

struct RegistrationChallenge {
    attestation::ActivationBlob blob;
    std::string keyName; ///< goes into the token as `skn`
};

/// The answer to the first request must be a challenge: a 401 that carries a key. Errors U-404, U-411 … U-414, U-429,
/// U-500, U-502 as registrationError().
Result<RegistrationChallenge> judgeChallenge(const dps::HttpAnswer& answer);

/// The service still assigns.
struct StillAssigning {
    std::string operationId;
};
struct Assigned {
    Assignment assignment;
    attestation::ActivationBlob deviceKey; ///< the key that signs the device's hub tokens
};
using RegistrationProgress = std::variant<StillAssigning, Assigned>;

/// The answer to the signed request and to each poll. A status word decides, read without regard to letter case.
/// Errors U-411, U-412, U-404, U-415 by the word and the code beside it, otherwise as registrationError().
Result<RegistrationProgress> judgeProgress(const dps::HttpAnswer& answer);

/// A refusal by its service error code where it has one known here, by its HTTP status otherwise: 401 without a key is
/// U-413, 404002 is U-414, other 404 U-404, 400004 U-411, 429 U-429, 5xx U-500, anything else U-502.
Error registrationError(const dps::HttpAnswer& answer);

/// The wait before a poll: what the service asks for, at least two seconds, which is five polls in ten seconds.
/// Source: Azure IoT Hub DPS limits, "Device polling".
std::chrono::milliseconds pollDelay(const dps::HttpAnswer& answer, UtcTime now);

/// Splits "https://host[:port]" off. Error S-331.
Result<std::string> authorityOf(const std::string& serviceUrl);

} // namespace enroll::db::registration

#pragma once

#include "core/base/bytes.h"
#include "core/enrollment/ids.h"

namespace enroll::enrollment {

/// The registration id that the provisioning service's device SDKs derive from an endorsement key: lower-case base32,
/// without padding, of the SHA-256 of the whole TPM2B_PUBLIC. 52 characters. The size prefix is part of the hashed
/// bytes.
/// \par Errors   S-340
/// \par Source   the recipe of the provisioning service's device SDKs; azure-iot-sdk-c issue 2286 has an example
Result<RegistrationId> registrationIdFromEk(ByteView tpm2bPublic);

/// Accepts what the service accepts: 1 to 128 characters of [A-Za-z0-9-._:] that begin with a letter or digit and end
/// with one or a dash. The letter case is kept; compare with sameRegistrationId(). Error S-338 naming the position.
Result<RegistrationId> parseRegistrationId(std::string_view text);

/// Registration ids are compared without regard to letter case (ASCII).
bool sameRegistrationId(const RegistrationId& left, const RegistrationId& right) noexcept;
/// The id in ASCII lower case: the key under which stores keep it.
std::string registrationKey(const RegistrationId& id);

} // namespace enroll::enrollment

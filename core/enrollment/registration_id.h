#pragma once

#include "core/base/bytes.h"
#include "core/enrollment/ids.h"

namespace enroll::enrollment {

/// Lower-case base32 without padding of the SHA-256 of the whole TPM2B_PUBLIC, size prefix included: 52 characters.
/// Error S-340. Source: the recipe of the provisioning service's device SDKs.
Result<RegistrationId> registrationIdFromEk(ByteView tpm2bPublic);

/// Accepts what the service accepts: 1..128 characters of [A-Za-z0-9-._:], alphanumeric at both ends (a dash may end
/// it). Kept in the letter case given; compare with sameRegistrationId(). Error S-332 naming the position.
Result<RegistrationId> parseRegistrationId(std::string_view text);

/// Registration ids are compared without regard to letter case (ASCII).
bool sameRegistrationId(const RegistrationId& left, const RegistrationId& right) noexcept;
/// ASCII lower case: the key under which stores keep an id.
std::string registrationKey(const RegistrationId& id);

} // namespace enroll::enrollment

#pragma once

#include "core/attestation/verdict.h"
#include "core/crypto/trust_set.h"
#include "core/enrollment/enrollment_template.h"
#include "core/enrollment/ids.h"
#include "core/enrollment/serial_pattern.h"

namespace enroll::enrollment {

enum class RegistrationIdRule { EkSha256Base32, Serial };
enum class DuplicateRule { Hold, Fail };

/// Identifies the exact profile that judged a run, so that its verdict can be explained later.
struct ProfileStamp {
    std::string name;
    std::string version;
    std::string sha256; ///< hex, of the file's bytes
    bool operator==(const ProfileStamp&) const = default;
};

/// What a product's devices must show to be enrolled. A value; read from a *.profile.toml by core/config.
struct ProductProfile {
    ProfileStamp stamp;
    SerialPattern serialPattern;
    attestation::AttestationPolicy policy;
    /// Names of the sets whose authorities count for a device's EK certificate. Never the set of demonstrations unless
    /// the policy allows software TPMs.
    std::vector<std::string> trustSets{std::string{crypto::kMakersSet}};
    /// Words that an address may begin with, before "://"; empty means any. core/config takes them from the profile and
    /// holds them to the table of core/transport, which this room does not know.
    std::vector<std::string> allowedTransports;
    std::chrono::seconds commandTimeout{10};
    std::chrono::seconds createPrimaryTimeout{90};
    std::chrono::seconds runTimeout{120}; ///< for all commands of a run; each created key adds createPrimaryTimeout
    RegistrationIdRule registrationIdRule = RegistrationIdRule::EkSha256Base32;
    EnrollmentTemplate enrollment;
    DuplicateRule sameEkOtherSerial = DuplicateRule::Hold;
    DuplicateRule sameSerialOtherEk = DuplicateRule::Hold; ///< of serial number and registration id
    /// Warning, Hold or Fail. Of a retest: a device without a record of its own is held where a retest gets a Warning.
    attestation::Severity sameTpmOtherSerial = attestation::Severity::Hold;
    /// Of a retest whose record is not what this profile would write: Warning, Hold or Fail.
    attestation::Severity sameDeviceOtherSettings = attestation::Severity::Hold;
    /// No test where the station's check of itself is older (core/enrollment/self_check.h); absent: none is asked for.
    std::optional<std::chrono::hours> selfCheckMaxAge = {};
    bool operator==(const ProductProfile&) const = default;
};

/// Error B-601 unless the serial is 1..64 printable ASCII characters without a space at either end, fits the profile's
/// pattern, can be part of a device id where the profile makes one of it, and is a registration id where it is to be one; B-613 if it is two that do, B-615 if it would
/// with capitals and small letters exchanged, as a keyboard with Caps Lock on sends them.
Result<SerialNumber> parseSerialNumber(std::string_view text, const ProductProfile& profile);

/// The id under which the service will know the device, by the profile's rule: from the endorsement key or the serial
/// number. Errors S-338 (the serial number is not a valid registration id), S-340.
Result<RegistrationId> registrationIdFor(const ProductProfile& profile, const SerialNumber& serial,
                                         ByteView tpm2bPublic);

/// Error S-331 naming the allowed transports, unless the profile allows \p transport: the word of the device's parsed
/// address, which app/wiring hands over. Called for every device before it is opened.
Result<void> requireAllowedTransport(const ProductProfile& profile, std::string_view transport);

} // namespace enroll::enrollment

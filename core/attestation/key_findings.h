#pragma once

#include "core/attestation/attestation_policy.h"

namespace enroll::attestation {

/// What is worth knowing of where the key lies: another one is where device SDKs look, so they show that one to the
/// cloud; the certificate is for a key at another handle; how its maker would make it is not given out. Whether the device uses such an SDK the station cannot know. Pure.
std::vector<Finding> keyFindings(const EndorsementKeyReading& reading, const AttestationPolicy& policy);

/// What is wrong with a key that shows at two handles, and which of the two to evict so that the device passes with the other one;
/// English. Device SDKs use the one where they look; the profile may say, by the severity of "ek-not-where-sdks-look", that the
/// product does not. Pure.
/// \param reading  one whose copyAt is set
std::string copyText(const EndorsementKeyReading& reading, const AttestationPolicy& policy);

/// Nothing if the device will show this key: it is persistent where device SDKs look, a PASS makes it so, or the device SDK
/// that the profile names makes this key and no other lies where it looks. No template gives one that all of them make. Else
/// "ek-not-where-sdks-look" of one that is, or is made, persistent at another handle, and "ek-not-persistent" of any other,
/// which says who shows another key. Pure.
/// \param certified  isCertified(): no other key becomes persistent
std::vector<Finding> persistenceFindings(const EndorsementKeyReading& reading, bool certified,
                                         const AttestationPolicy& policy);

} // namespace enroll::attestation

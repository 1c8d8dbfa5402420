#pragma once

#include "core/attestation/public_area.h"

namespace enroll::attestation {

/// Error \p code unless the area is a storage parent that can never leave its TPM: a restricted decryption key with
/// fixedTPM and fixedParent, without sign, with AES-CFB as its symmetric algorithm, without a scheme, and with a usable
/// asymmetric key. Endorsement keys and storage root keys have this shape. \p what begins the message: "the endorsement
/// key".
/// \par Source   TPM 2.0 Library Part 1, "Storage Parents"; Part 3, TPM2_ActivateCredential
Result<void> requireParentShape(const PublicArea& area, ErrorCode code, std::string_view what);

/// The key bits of the parent's symmetric algorithm. Call it after requireParentShape(): an area without one is
/// asserted.
unsigned symmetricBits(const PublicArea& area) noexcept;

} // namespace enroll::attestation

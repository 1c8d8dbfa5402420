#pragma once

#include "core/attestation/public_area.h"

namespace enroll::attestation {

/// Error \p code unless the area is a parent that belongs to one TPM for good: a restricted decryption key with
/// fixedTPM and fixedParent, no signing, AES-CFB inside, no scheme of its own, and a usable asymmetric key.
/// \p what names the key in the error ("the endorsement key"). Endorsement and storage keys share this shape.
/// \par Source   TPM 2.0 Library Part 1, "Storage Parents"; Part 3, TPM2_ActivateCredential
Result<void> requireParentShape(const PublicArea& area, ErrorCode code, std::string_view what);

/// AES key bits of the parent. The shape was checked before: an area without a symmetric algorithm is a programmer
/// error.
unsigned symmetricBits(const PublicArea& area) noexcept;

} // namespace enroll::attestation

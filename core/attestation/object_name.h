#pragma once

#include "core/attestation/public_area.h"

namespace enroll::attestation {

/// nameAlg as two big-endian bytes, then the digest of the TPMT_PUBLIC. Error S-340.
/// Source: TPM 2.0 Library Part 1, "Names".
Result<Bytes> objectName(const PublicArea& area);

} // namespace enroll::attestation

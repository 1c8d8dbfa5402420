#pragma once

#include "core/tpm/transient_handle.h"

#include <optional>

namespace enroll::tpm {

/// A persistent object or an NV index as ESYS knows it, and its public area as the TPM sent it.
struct NamedHandle {
    TransientHandle handle; ///< closed when released: what it refers to stays in the TPM
    Bytes area;             ///< TPM2B_PUBLIC or TPM2B_NV_PUBLIC, size prefix included
};

/// The object or NV index at \p handle, or nothing if the TPM holds none there. One command: TPM2_ReadPublic or
/// TPM2_NV_ReadPublic; none for an index that this context opened before. Error D-103 as areaOfOwnName().
Result<std::optional<NamedHandle>> openByHandle(EsysContext& context, TPM2_HANDLE handle);

/// The public area, size prefix included, of an object or index that ESYS knows.
///
/// Error D-103 unless the name that ESYS took from the response, and puts under every HMAC, is that of this area. The
/// name proves nothing against somebody who alters both: that a salted session does (salted_session.h).
/// Source: TPM 2.0 Library Part 1, "Names".
Result<Bytes> areaOfOwnName(EsysContext& context, ESYS_TR reference);

} // namespace enroll::tpm

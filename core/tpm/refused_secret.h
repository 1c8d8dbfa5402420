#pragma once

#include "core/tpm/esys_context.h"

namespace enroll::tpm {

/// What a TPM is said to have done that refused a secret which was made for its key: the salt of a session, or a part of
/// a challenge. Slot thread only.
///
/// Makers choose different response codes for a secret that does not open, so a refusal (D-109) is D-131 whatever its
/// code, unless the code says that a key or a session is gone. libtpms says TPM_RC_FAILURE where OAEP finds nothing, as a
/// TPM does in failure mode: TPM2_GetRandom, one command more on this path alone, tells them apart.
///
/// \param error  that of the command
/// \param code   what the command returned
/// \return       D-131; \p error as it is; or that of TPM2_GetRandom, where it does not tell
/// \par Source   TPM 2.0 Library Part 1, "Failure Mode": only TPM2_GetTestResult and TPM2_GetCapability work in it
Error refusalOfSecret(EsysContext& context, Error error, TSS2_RC code);

} // namespace enroll::tpm

#pragma once

#include "core/tpm/esys_context.h"

#include <vector>

namespace enroll::tpm {

/// The handles of persistent objects or NV indices that the TPM has from \p first to \p last, ascending: one
/// TPM2_GetCapability (TPM_CAP_HANDLES). At most 64, which bounds what a hostile device can make the station read.
/// Error D-103 if the answer is not a list of handles.
Result<std::vector<TPM2_HANDLE>> handlesBetween(EsysContext& context, TPM2_HANDLE first, TPM2_HANDLE last);

} // namespace enroll::tpm

#pragma once

#include "core/attestation/handle_range.h"
#include "core/tpm/salted_session.h"

#include <vector>

namespace enroll::tpm {

/// The handles of persistent objects or NV indices that the TPM has in \p range, as TPM2_GetCapability
/// (TPM_CAP_HANDLES) lists them, 64 with a command. Error D-103 if an answer is not a list of handles, or there are more
/// than 256, which bounds what a hostile device can make the station read.
/// \param session  covers the response with its HMAC, error D-132 where that is wrong; null: it comes in the clear
Result<std::vector<TPM2_HANDLE>> handlesIn(EsysContext& context, const attestation::HandleRange& range,
                                           SaltedSession* session = nullptr);

} // namespace enroll::tpm

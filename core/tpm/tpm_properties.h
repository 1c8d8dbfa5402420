#pragma once

#include "core/attestation/tpm_identity.h"
#include "core/attestation/tpm_state.h"
#include "core/tpm/salted_session.h"

#include <map>

namespace enroll::tpm {

/// The fixed properties of a TPM that this product looks at, by TPM_PT.
using TpmProperties = std::map<std::uint32_t, std::uint32_t>;

/// Reads them with TPM2_GetCapability, and asks again for the rest as long as fewer came: some chips return fewer than
/// asked and claim that there are no more. Error D-101 if there is no TPM_PT_MANUFACTURER: then it is no TPM 2.0.
/// \param session  covers the responses with its HMAC; null: whoever sits on the line may have written them. Error
///                 D-132 where the HMAC is wrong
/// \par Source   TPM 2.0 Library Part 2, "TPM_PT"
Result<TpmProperties> readFixedProperties(EsysContext& context, SaltedSession* session = nullptr);

/// Reads the properties that change while a TPM is in use. Source: TPM 2.0 Library Part 2, "TPM_PT", PT_VAR.
Result<TpmProperties> readVariableProperties(EsysContext& context);

/// Passwords, hierarchies and lockout, from variable properties.
attestation::TpmState stateOf(const TpmProperties& variable);

/// The identity in plain text: NUL and trailing spaces are dropped, bytes that are not printable ASCII become '?'. The
/// firmware is both version words in halves: "7.85.4555.0". A TPM may claim anything here; only its certificate counts.
attestation::TpmIdentity identityOf(const TpmProperties& properties);

/// TPM_PT_NV_BUFFER_MAX, or 512 if the TPM does not say.
std::size_t nvBufferSize(const TpmProperties& properties);

} // namespace enroll::tpm

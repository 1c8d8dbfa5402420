#pragma once

#include "core/attestation/tpm_identity.h"
#include "core/attestation/tpm_state.h"
#include "core/tpm/salted_session.h"

#include <map>

namespace enroll::tpm {

/// The properties of a TPM by TPM_PT: those that never change, and those that change while it is in use.
using TpmProperties = std::map<std::uint32_t, std::uint32_t>;

/// Reads them with TPM2_GetCapability, both groups at once where the TPM gives them so, and asks again for the rest as
/// long as fewer came: some chips return fewer than asked and claim that there are no more. Error D-101 if there is no
/// TPM_PT_MANUFACTURER: then it is no TPM 2.0.
/// \param session  covers the responses with its HMAC; null: whoever sits on the line may have written them. Error
///                 D-132 where the HMAC is wrong
/// \par Source   TPM 2.0 Library Part 2, "TPM_PT", PT_FIXED and PT_VAR
Result<TpmProperties> readProperties(EsysContext& context, SaltedSession* session = nullptr);

/// Passwords, hierarchies and lockout.
attestation::TpmState stateOf(const TpmProperties& properties);

/// The identity in plain text: NUL and trailing spaces are dropped, bytes that are not printable ASCII become '?'. The
/// firmware is both version words in halves: "7.85.4555.0". A TPM may claim anything here; only its certificate counts.
attestation::TpmIdentity identityOf(const TpmProperties& properties);

/// True if the TPM says that no session is loaded (TPM_PT_HR_LOADED).
bool loadsNoSession(const TpmProperties& properties);

/// True if the TPM says that the NV indices of its platform are off (phEnableNV of TPM_PT_STARTUP_CLEAR is clear).
bool switchesPlatformIndicesOff(const TpmProperties& properties);

/// TPM_PT_NV_BUFFER_MAX, or 512 if the TPM does not say.
std::size_t nvBufferSize(const TpmProperties& properties);

} // namespace enroll::tpm

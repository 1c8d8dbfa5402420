#pragma once

#include "core/attestation/tpm_identity.h"
#include "core/tpm/esys_context.h"

#include <map>

namespace enroll::tpm {

/// The fixed properties of a TPM that this product looks at, by TPM_PT.
using TpmProperties = std::map<std::uint32_t, std::uint32_t>;

/// Asks for all at once, and for the rest again if fewer came: some parts return fewer and claim that there are no
/// more. Error D-101 if what answers has no manufacturer, thus is no TPM 2.0.
Result<TpmProperties> readFixedProperties(EsysContext& context);

/// The identity in plain text.
attestation::TpmIdentity identityOf(const TpmProperties& properties);

/// TPM_PT_NV_BUFFER_MAX, or 512 if the TPM does not say.
std::size_t nvBufferSize(const TpmProperties& properties);

} // namespace enroll::tpm

#pragma once

#include <tss2/tss2_tpm2_types.h>

namespace enroll::tpm {

/// RSA-2048 endorsement key as the TCG defines it: `unique` of 256 zero bytes. What the EK certificate at 0x01C00002
/// is issued for. Source: TCG EK Credential Profile, "Template L-1".
TPM2B_PUBLIC tcgEndorsementKeyTemplate() noexcept;

/// The same with an empty `unique`, as Azure's C and Node SDKs ask for: another key of the same TPM, which no
/// certificate covers. Source: azure-utpm-c, GetEkTemplate.
TPM2B_PUBLIC azureEndorsementKeyTemplate() noexcept;

/// RSA-2048 storage root key as Azure's SDKs make it at 0x81000001. Source: azure-utpm-c, GetSrkTemplate.
TPM2B_PUBLIC storageRootKeyTemplate() noexcept;

} // namespace enroll::tpm

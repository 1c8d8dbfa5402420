#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <string>

namespace enroll::tpm {

/// True if tpm2-tss itself raised \p code: it is neither success nor a code of the TPM or of a resource manager.
bool isOfTheLibrary(std::uint32_t code) noexcept;

/// The Error for a response code other than success. No other place gives a meaning to a code of the TPM or of
/// tpm2-tss.
///
/// A code of the TPM or of a resource manager: the meaning in responseCodes(); D-109 for one without a row. A code of
/// tpm2-tss: D-103 if it could not understand the response, S-399 if it was called wrongly.
///
/// Tss2_RC_Decode() is not used: version 3.2.1 indexes a table with bits that the device chose (CVE-2023-22745).
Error tpmError(std::uint32_t code, std::string operation);

} // namespace enroll::tpm

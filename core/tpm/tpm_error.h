#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <string>

namespace enroll::tpm {

/// True if \p code is the library's own: neither success nor a code of the TPM or of a resource manager.
bool isOfTheLibrary(std::uint32_t code) noexcept;

/// The Error for a response code other than success: the only place where a code of the TPM or of its library gets a
/// meaning. The library's own decoder is not used: it indexes a table with bits that the device chose.
///
/// Codes of the TPM, or of a resource manager on its behalf: see responseCodes(); one without a row is D-109. Codes of
/// the library: D-103 if it could not make sense of the response, S-399 if it was called wrongly.
Error tpmError(std::uint32_t code, std::string operation);

} // namespace enroll::tpm

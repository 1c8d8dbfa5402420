#pragma once

#include "core/tpm/esys_context.h"

#include <optional>

namespace enroll::tpm {

inline constexpr std::size_t kLargestNvContent = 16 * 1024; ///< no certificate comes near it

/// The whole content of an NV index, or nothing if there is no such index or nothing was written to it.
///
/// Read in pieces of \p chunk bytes, but 64 at least and 1024 at most, authorised by the index itself where its
/// attributes allow, else by the owner with an empty password. \p chunk is TPM_PT_NV_BUFFER_MAX; a TPM answers with
/// NV_RANGE to more, also one that claims less than 64: none that is real does. Errors D-103 (the index says it is
/// larger than 16 KiB, or returns another length than asked), D-112, D-118.
Result<std::optional<Bytes>> readNv(EsysContext& context, TPM2_HANDLE index, std::size_t chunk);

} // namespace enroll::tpm

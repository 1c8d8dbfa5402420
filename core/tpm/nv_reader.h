#pragma once

#include "core/tpm/esys_context.h"

#include <optional>

namespace enroll::tpm {

inline constexpr std::size_t kLargestNvContent = 16 * 1024; ///< no certificate comes near it

/// What an NV index gives out.
struct NvContent {
    std::optional<Bytes> bytes; ///< absent: there is no such index, nothing was written to it, or it gives out nothing
    std::string unreadable;     ///< English: why an index that is there gives out nothing; empty otherwise
};

/// The whole content of an NV index.
///
/// Read in pieces of \p chunk bytes, but 64 at least and 1024 at most, authorised with an empty password by the owner
/// where the index allows, else by the index itself: an index may be under the TPM's protection against guessing, the
/// owner is not. \p chunk is TPM_PT_NV_BUFFER_MAX; a TPM answers with NV_RANGE to more, also one that claims less than
/// 64: none that is real does. Errors D-103 (the index says it is larger than 16 KiB, or returns another length than
/// asked), D-112, D-118.
Result<NvContent> readNv(EsysContext& context, TPM2_HANDLE index, std::size_t chunk);

} // namespace enroll::tpm

#pragma once

#include "core/tpm/salted_session.h"

#include <optional>

namespace enroll::tpm {

inline constexpr std::size_t kLargestNvContent = std::size_t{16} * 1024; ///< no certificate comes near it

/// What an NV index gives out.
struct NvContent {
    std::optional<Bytes> bytes; ///< absent: there is no such index, nothing was written to it, or it gives out nothing
    std::string unreadable;     ///< English: why an index that is there gives out nothing; empty otherwise
};

/// Reads the whole content of an NV index.
///
/// Each TPM2_NV_Read is authorised with an empty password: that of the owner where the index has OWNERREAD, else that
/// of the index itself (AUTHREAD). The owner comes first because an index may be under dictionary attack protection,
/// where a failed authorisation counts towards lockout; the owner's never does.
///
/// \param chunk  bytes per TPM2_NV_Read: TPM_PT_NV_BUFFER_MAX, above which a TPM refuses to read. Raised to 64 at
///               least: a device that claims 1 would make one certificate thousands of commands. Cut to 1024 at most
/// \param session  covers each TPM2_NV_Read with its HMAC, and with it the index's public area, whose name is part of
///               the HMAC; null: whoever sits on the line may have written the content
/// \par Errors   D-103 (the index claims more than 16 KiB, or the TPM returns another length than asked), D-112 (the
///               owner has a password and the index cannot be tried without risk), D-118 (lockout), D-132 (the HMAC of
///               the session is wrong)
/// \par Source   TPM 2.0 Library Part 2, "TPMA_NV"; Part 3, TPM2_NV_Read
Result<NvContent> readNv(EsysContext& context, TPM2_HANDLE index, std::size_t chunk, SaltedSession* session = nullptr);

} // namespace enroll::tpm

#pragma once

#include "core/tpm/salted_session.h"
#include "core/tpm/tpm_properties.h"

#include <optional>

namespace enroll::tpm {

inline constexpr std::size_t kLargestNvContent = std::size_t{16} * 1024; ///< no certificate comes near it

/// What the content of an NV index is worth to whoever reads it.
enum class NvNeed {
    Required, ///< one try is spent on it, where nothing else reads it
    Optional, ///< done without, rather than to spend a try: whatever the TPM refuses is a reason and no error
};

/// What a TPM says of itself that decides how its NV is read, and how much is done for it.
struct NvRules {
    /// Bytes per TPM2_NV_Read: TPM_PT_NV_BUFFER_MAX, above which a TPM refuses to read. readNv() raises it to 64 at least:
    /// a device that claims 1 would make one certificate thousands of commands. Cut to 1024 at most.
    std::size_t chunk = 0;
    std::uint32_t failedTries = 0; ///< as in TpmState
    std::uint32_t triesAllowed = 0;
    bool platformIndicesOff =
        false; ///< phEnableNV is clear: the indices that the platform defined seem not to be there
    NvNeed need = NvNeed::Required;
};
NvRules nvRulesOf(const TpmProperties& properties);
inline NvRules optional(NvRules nv) noexcept
{
    nv.need = NvNeed::Optional;
    return nv;
}

/// What an NV index gives out.
struct NvContent {
    std::optional<Bytes> bytes = {}; ///< absent: there is no such index, or it gives out nothing
    std::string why = {};            ///< English: why an index that is there gives out nothing, and what to do
    bool unwritten = false;          ///< true if that is because nothing was written to it
    bool refused =
        false; ///< of an Optional one: true if a password keeps it, which may be empty where it was not tried
};

/// Reads the whole content of an NV index.
///
/// Each TPM2_NV_Read is authorised with an empty password: that of the owner where the index has OWNERREAD, else that of
/// the index itself where it has AUTHREAD and NO_DA, else that of the platform where it has PPREAD beside one of them: an
/// index that the platform alone may read gives out nothing to a station, which asks only whether a password is set for the
/// platform. None of these counts towards lockout if it is wrong. Only the index's own does where it lacks NO_DA: that one is
/// tried if nobody else may read, the content is Required, and the TPM has counted no try yet; the use is noted
/// (EsysContext::noteProtectedUse()).
///
/// \param session  covers each TPM2_NV_Read with its HMAC, and with it the index's public area, whose name is part of
///               the HMAC; null: whoever sits on the line may have written the content
/// \par Errors   of a Required one D-112 (the owner or the index has a password, and nobody else may read without risk), and
///               D-103 if the index claims more than 16 KiB; D-103 (the TPM returns another length than asked), D-118
///               (lockout), D-132 (the HMAC of the session is wrong)
/// \par Source   TPM 2.0 Library Part 2, "TPMA_NV"; Part 3, TPM2_NV_Read; Part 1, "Dictionary Attack Protection": it covers
///               objects and indices, of the hierarchies the lockout hierarchy alone
Result<NvContent> readNv(EsysContext& context, TPM2_HANDLE index, const NvRules& nv, SaltedSession* session = nullptr);

} // namespace enroll::tpm

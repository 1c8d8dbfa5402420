#pragma once

#include "core/tpm/tpm_exchange.h"

#include <cstdint>
#include <set>

namespace enroll::tpm {

/// Transient objects and loaded sessions, by TPM handle.
using LoadedHandles = std::set<std::uint32_t>;

enum class Sessions { Listed, KnownToBeNone };

/// The transient objects and sessions that the TPM holds now. A TPM2_GetCapability for each of the two, encoded here and
/// not by ESYS, so that they also work where no ESYS context is usable. At most 254 of each kind are listed.
/// \param sessions  KnownToBeNone saves the command for them
/// \par Errors   D-103 if the answer is not a list of handles; those of TpmExchange::run()
Result<LoadedHandles> readLoadedHandles(TpmExchange& exchange, Sessions sessions = Sessions::Listed);

/// True if one of \p held is not in the TPM any more, neither loaded nor saved by a resource manager, and nothing is there
/// that is neither in \p held nor in \p before. Two or three commands. Errors of readLoadedHandles().
/// \param held  twice the same number: one of the two is gone
Result<bool> wereForgotten(TpmExchange& exchange, const std::vector<std::uint32_t>& held, const LoadedHandles& before);

/// Flushes \p handles, as far as they name objects or sessions, the highest first: objects before sessions. Begins no
/// flush after \p deadline, and none after the exchange broke.
/// \par Errors   the last one of a flush, after the others were tried; D-102 if \p deadline passed before the end
Result<void> flushHandles(TpmExchange& exchange, const LoadedHandles& handles, const Deadline& deadline);

/// TPM2_Shutdown(CLEAR). A TPM takes an object under protection against guessing that was used, and power that goes
/// without this, for one failed try; any command after it changes nothing but that. Errors of TpmExchange::run(), and
/// those of a refusal.
/// Source: TPM 2.0 Library Part 1, "Dictionary Attack Protection", "Non-orderly Shutdown".
Result<void> endOrderly(TpmExchange& exchange);

/// Flushes what is loaded now and was not in \p before. Whatever was loaded in between counts as the station's own, so
/// nobody else may use the TPM meanwhile. Where somebody does, a resource manager stands between, and it lists the
/// handles of this connection alone: the kernel's takes the others' out of the TPM after each of their commands. Errors
/// of readLoadedHandles() and flushHandles().
Result<void> flushAllBut(TpmExchange& exchange, const LoadedHandles& before, const Deadline& deadline);

} // namespace enroll::tpm

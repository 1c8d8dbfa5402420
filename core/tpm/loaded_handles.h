#pragma once

#include "core/tpm/tpm_exchange.h"

#include <cstdint>
#include <set>

namespace enroll::tpm {

/// Transient objects and loaded sessions, by TPM handle.
using LoadedHandles = std::set<std::uint32_t>;

/// What the TPM holds at this moment. Two commands, made without the TPM library so that they work after it gave up.
/// Error D-103 if it lists something else.
Result<LoadedHandles> readLoadedHandles(TpmExchange& exchange);

/// Flushes what is loaded now and was not \p before: what was loaded since, on a line that one station uses alone.
/// Begins no flush after \p deadline, and none after the exchange broke. The last error; D-102 if the time was over.
Result<void> flushAllBut(TpmExchange& exchange, const LoadedHandles& before, const Deadline& deadline);

} // namespace enroll::tpm

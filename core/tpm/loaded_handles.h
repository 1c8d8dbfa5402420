#pragma once

#include "core/tpm/tpm_exchange.h"

#include <cstdint>
#include <set>

namespace enroll::tpm {

/// Transient objects and loaded sessions, by TPM handle.
using LoadedHandles = std::set<std::uint32_t>;

/// What the TPM holds at this moment. Two commands, made without the TPM library so that they work after it gave up.
Result<LoadedHandles> readLoadedHandles(TpmExchange& exchange);

/// Flushes what is loaded now and was not \p before: what was loaded since, on a line that one station uses alone.
/// Error D-109 naming what could not be flushed.
Result<void> flushAllBut(TpmExchange& exchange, const LoadedHandles& before);

} // namespace enroll::tpm

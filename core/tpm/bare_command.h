#pragma once

#include "core/tpm/tpm_exchange.h"

#include <initializer_list>

namespace enroll::tpm {

/// The parameters of the TPM's response to a command without sessions, encoded here and not by ESYS: for a time at which no
/// ESYS context is usable, and for an answer after which ESYS would not be.
/// \par Errors   those of TpmExchange::run(); as tpmError() if the TPM refuses
Result<Bytes> runBare(TpmExchange& exchange, std::uint32_t code, ByteView sent);

/// The same for a command with handles and parameters of 32 bits alone, encoded from them.
Result<Bytes> runBare(TpmExchange& exchange, std::uint32_t code, std::initializer_list<std::uint32_t> numbers);

} // namespace enroll::tpm

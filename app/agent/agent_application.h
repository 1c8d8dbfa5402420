#pragma once

#include "app/agent/agent_options.h"

#include <stop_token>

namespace enroll::app::agent {

/// The agent, until \p stop is requested, or, on standard input and output, until its one station has hung up. Says on
/// standard output where it listens, on standard error what is wrong with a line.
/// \par Errors   those of TlsContext::load() for keys that cannot be used; of openChannel() if the TPM cannot be opened at the start; of readSerialNumber() for a file that was
///               named; S-321 if it cannot listen, or not open the serial line (also D-101 then). On standard streams also D-101: the line did not end between two
///               commands
Result<void> runAgent(const AgentOptions& options, const std::stop_token& stop);

} // namespace enroll::app::agent

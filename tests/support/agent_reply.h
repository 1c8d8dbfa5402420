#pragma once

#include "core/tpm/agent_announcement.h"
#include "core/tpm/command_table.h"
#include "tests/support/tpm_relay.h"

namespace enroll::test {

/// What an enroll-agent that relays \p tpm says to \p command of a device that knows its \p serial number. Nothing: the
/// command is the TPM's.
inline std::optional<RelayReply> agentReply(std::uint32_t command, const std::string& serial, const std::string& tpm)
{
    if (command != tpm::command_code::kAgentQuestion) {
        return std::nullopt;
    }
    return RelayReply{.bytes = tpm::encodeAgentAnswer({.serialNumber = serial, .tpm = tpm})};
}

} // namespace enroll::test

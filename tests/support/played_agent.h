#pragma once

#include "core/tpm/agent_announcement.h"
#include "core/tpm/command_table.h"
#include "tests/support/tpm_relay.h"

#include <algorithm>
#include <vector>

namespace enroll::test {

/// A relay that says on its lines what an enroll-agent says: the first of \p serials to the first question, and so on; the
/// last one to all that follow. Empty: it knows none.
inline RelayBehaviour saying(std::vector<std::string> serials)
{
    return {.instead =
                [serials = std::move(serials), asked = std::size_t{0}](std::uint32_t code) mutable {
                    if (code != tpm::command_code::kAgentQuestion) {
                        return std::optional<RelayReply>{};
                    }
                    const auto& serial = serials.at(std::min(asked++, serials.size() - 1));
                    return std::optional{
                        RelayReply{tpm::encodeAgentAnswer({tpm::kAgentProtocol, serial, "dev:///dev/tpmrm0"})}};
                },
            .reply = {}};
}

/// One that gives \p reply to the question of who it is.
inline RelayBehaviour answering(const RelayReply& reply)
{
    return {.instead =
                [reply](std::uint32_t code) {
                    return code == tpm::command_code::kAgentQuestion ? std::optional{reply} : std::nullopt;
                },
            .reply = {}};
}

} // namespace enroll::test

#include "app/agent/command_gate.h"

#include "core/tpm/command_table.h"

#include <array>

namespace enroll::app::agent {
namespace {

// Source: TPM 2.0 Library Part 2, "TPM_CC".
constexpr std::array kPermissions{
    Permission{"--allow-clear", 0x126, "TPM2_Clear: the owner's keys, passwords and NV indices are lost"},
    Permission{"--allow-change-eps", 0x124, "TPM2_ChangeEPS: no certificate fits the TPM's endorsement keys any more"},
    Permission{"--allow-change-pps", 0x125, "TPM2_ChangePPS: the platform's keys are lost"},
    Permission{"--allow-hierarchy-control", 0x121, "TPM2_HierarchyControl: keys of a hierarchy cannot be used"},
    Permission{"--allow-evict", tpm::command_code::kEvictControl,
               "TPM2_EvictControl of keys that the station did not keep itself"},
};

} // namespace

std::span<const Permission> permissions() noexcept
{
    return kPermissions;
}

bool CommandGate::lets(const tpm::CommandHeader& header, ByteView command, const LineAccount& account) const
{
    if (m_permitted.contains(header.commandCode)) {
        return true;
    }
    if (header.commandCode != tpm::command_code::kEvictControl) {
        return tpm::isOwnCommand(header.commandCode);
    }
    const auto kept = readKeeping(header, command);
    return kept && (kept->keeps() || account.hasKept(kept->objectHandle));
}

} // namespace enroll::app::agent

#pragma once

#include "app/agent/line_account.h"

#include <set>
#include <span>
#include <string_view>

namespace enroll::app::agent {

/// A command that destroys what a device holds, and the flag of the command line that lets it through.
struct Permission {
    std::string_view option;
    std::uint32_t commandCode;
    std::string_view what; ///< for --help
};
std::span<const Permission> permissions() noexcept;

/// Says which commands reach the TPM: those that a station sends (tpm::isOwnCommand()), and those that a flag names.
///
/// TPM2_EvictControl passes where it keeps a loaded key, and where it takes away a key that this line kept: a station
/// that cannot keep both keys takes the first back. Any other key stays, unless the flag was given. Pure; any thread.
class CommandGate {
public:
    /// \param permitted  codes of permissions()
    explicit CommandGate(std::set<std::uint32_t> permitted) : m_permitted(std::move(permitted)) {}

    /// \param command  whole, with this \p header
    /// \param account  what the line did before
    [[nodiscard]] bool lets(const tpm::CommandHeader& header, ByteView command, const LineAccount& account) const;

private:
    std::set<std::uint32_t> m_permitted;
};

} // namespace enroll::app::agent

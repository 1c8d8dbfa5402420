#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/transport/agent_files.h"
#include "core/transport/tls_role.h"

#include <vector>

/// The keys by which a plant's stations and agents know each other, in one directory of the plant's: the authority's own
/// (ca.pem and ca-key.pem), and for each machine a directory with what it needs (station-NAME and agent-NAME, each with
/// ca.pem, certificate.pem and key.pem). Nothing that is there is overwritten, but a certificate that is renewed.
namespace enroll::app::enrollctl {

inline constexpr int kUsualDays = 825;
inline constexpr int kMostDays = 3650;
/// What `renewKeys()` calls the authority.
inline constexpr auto kAuthorityEntry = "ca";

/// A certificate that was made or renewed.
struct AgentKeys {
    std::string entry;           ///< "ca", "station-st-07"
    std::string subject;         ///< of the certificate
    transport::AgentFiles files; ///< those of the machine; of the authority: its certificate, twice, and its key
    UtcTime validUntil;
};

/// Makes \p directory with an authority in it that is called \p plant.
/// \par Errors   S-331 (\p plant is no name), S-333 (\p directory is there already, or cannot be made), S-340
Result<AgentKeys> makeAgentAuthority(const std::filesystem::path& directory, const std::string& plant, UtcTime now);

/// Makes a key and a certificate for a station or an agent with \p names: host names and numeric addresses, as they stand in
/// tls://NAME:PORT. The first names the machine's directory.
/// \par Errors   S-331 naming the name that is none; S-333, S-337 naming the file of the authority's that cannot be used, or
///               the machine's directory, which is there already; S-340
Result<AgentKeys> issueAgentKeys(const std::filesystem::path& directory, transport::TlsRole role,
                                 const std::vector<std::string>& names, int days, UtcTime now);

/// Replaces the certificate of \p entry by one for another while; its key stays. Also the authority's: then the new ca.pem
/// has to reach every machine, and what it signed before goes on being good. What is renewed for a machine has the
/// authority's present certificate beside it.
/// \par Errors   S-331 (\p entry is none), S-339 (there is no such machine), S-333, S-337 naming the file that cannot be
///               used, S-340
Result<AgentKeys> renewAgentKeys(const std::filesystem::path& directory, const std::string& entry, int days,
                                 UtcTime now);

} // namespace enroll::app::enrollctl

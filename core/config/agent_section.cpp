#include "core/config/agent_section.h"

namespace enroll::config {

Result<void> readAgent(const Fields& section, const std::filesystem::path& base, transport::AgentFiles& files)
{
    constexpr std::string_view kInstead = "name a file that `enrollctl agent-keys` made, or leave the key out";
    TRY(section.allowOnly(kAgentKeys));
    TRY(section.readPath("ca_file", base, files.caFile, kInstead));
    TRY(section.readPath("certificate_file", base, files.certificateFile, kInstead));
    TRY(section.readPath("key_file", base, files.keyFile, kInstead));
    return section.readPath("known_hosts_file", base, files.knownHostsFile,
                            "name a file with the host keys of devices, or leave the key out");
}

} // namespace enroll::config

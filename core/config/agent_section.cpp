#include "core/config/agent_section.h"

namespace enroll::config {

Result<void> readAgent(const Fields& section, const std::filesystem::path& base, transport::AgentFiles& files)
{
    constexpr std::string_view kInstead = "name a file that `enrollctl agent-keys` made, or leave the key out";
    TRY(section.allowOnly(kAgentKeys, {"known_hosts_file"}));
    TRY(section.readPath("ca_file", base, files.caFile, kInstead));
    TRY(section.readPath("certificate_file", base, files.certificateFile, kInstead));
    return section.readPath("key_file", base, files.keyFile, kInstead);
}

} // namespace enroll::config

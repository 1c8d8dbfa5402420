#pragma once

#include "core/config/toml_fields.h"
#include "core/transport/agent_files.h"

#include <array>

/// Includes toml++, like toml_fields.h: not included outside this folder.
namespace enroll::config {

inline constexpr std::array<std::string_view, 4> kAgentKeys{"ca_file", "certificate_file", "key_file",
                                                            "known_hosts_file"};

/// Reads `[agent]` into \p files; a relative path is relative to \p base. Whether the files can be used is not checked here.
/// Error S-330 with file and line: an unknown key, a path that cannot be one.
Result<void> readAgent(const Fields& section, const std::filesystem::path& base, transport::AgentFiles& files);

} // namespace enroll::config

#pragma once

#include "core/config/station_config.h"

namespace enroll::app::desktop {

/// Writes the command card of the configured station to \p file as a PDF: whole, or not at all. Only an older PDF is
/// replaced. Returns the program's exit code: 0, or 2 with the reason on standard error.
int printCommandCard(const std::filesystem::path& file, const config::ConfigSources& sources);

} // namespace enroll::app::desktop

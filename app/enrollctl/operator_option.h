#pragma once

#include "core/config/station_config.h"

#include <string>

namespace enroll::app::enrollctl {

/// Who says something by \p option goes into the journal for ever: error S-331, which does not show \p text, if it is the code of
/// a badge by `[scanner] patterns`. What a scanner puts before a code makes no difference.
Result<void> requireNoBadge(const std::string& option, const std::string& text, const config::StationConfig& station);

/// As requireNoBadge(), and where the station has a file of people, error S-331 unless \p text is an id of it. Errors of
/// config::readPeople().
Result<void> requireKnownOperator(const std::string& option, const std::string& text,
                                  const config::StationConfig& station);

} // namespace enroll::app::enrollctl

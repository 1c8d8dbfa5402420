#pragma once

#include "app/enrollctl/output.h"
#include "core/config/station_config.h"
#include "db/journal/left_behind.h"

#include <QJsonArray>

#include <string>

namespace enroll::app::enrollctl {

/// What lies at \p left, a destination that the configuration does not have, and what a person can do about it.
std::string leftBehindWarning(const db::journal::LeftBehind& left);

/// Warns of all that lies at destinations that \p station does not have; where no journal was begun there is nothing.
/// Errors as db::journal::leftBehind(), but for S-339.
Result<std::vector<db::journal::LeftBehind>> warnOfLeftBehind(const config::StationConfig& station, Output& output);

/// As warnOfLeftBehind(). A journal that cannot be read is told, too, and nothing is of it.
std::vector<db::journal::LeftBehind> tellLeftBehind(const config::StationConfig& station, Output& output);

/// `[{destination, queued, sent, rejected}]`
QJsonArray leftBehindDocument(std::span<const db::journal::LeftBehind> left);

} // namespace enroll::app::enrollctl

#pragma once

#include "db/journal/accept_clock.h"

#include <QJsonArray>

#include <span>
#include <string>

namespace enroll::app::enrollctl {

/// `[{seq, acceptedAt, latestRun, by, reason}]`
QJsonArray acceptedClocksDocument(std::span<const db::journal::AcceptedClock> accepted);
/// A line for each; empty if there is none.
std::string acceptedClocksText(std::span<const db::journal::AcceptedClock> accepted);

} // namespace enroll::app::enrollctl

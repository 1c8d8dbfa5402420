#pragma once

#include "app/enrollctl/output.h"
#include "core/config/station_config.h"
#include "core/station/act.h"

namespace enroll::app::enrollctl {

/// What a command does on somebody's word: now, at this station, by the account that runs the program.
station::Act actOfCommand(station::ActKind what, const config::StationConfig& station);

/// Error unless what is about to be done can be recorded. No error where no journal was begun yet. Errors as
/// db::journal::appendActs().
Result<void> requireKeepsActs(const config::StationConfig& station);

/// Records what was just done, behind requireKeepsActs(). Where no journal was begun yet nothing is, and \p output says so.
/// Errors as db::journal::appendActs(), and they say that the deed stands.
Result<void> keepAct(const station::Act& act, const config::StationConfig& station, Output& output);

} // namespace enroll::app::enrollctl

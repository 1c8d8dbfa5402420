#pragma once

#include "app/enrollctl/output.h"
#include "core/config/station_config.h"
#include "core/station/act.h"

namespace enroll::app::enrollctl {

/// What a command does on somebody's word: now, at this station, by the account that runs the program.
station::Act actOfCommand(station::ActKind what, const config::StationConfig& station);

/// Error unless what is about to be done can be recorded. No error where no journal was begun yet; one that was begun and is
/// gone is an error. Errors as db::journal::appendActs().
Result<void> requireKeepsActs(const config::StationConfig& station);

/// Records what is done next, and only if this succeeds: an act too many says more than one too few. Where no journal was
/// begun yet nothing is, and \p output says so. Errors as requireKeepsActs().
Result<void> keepAct(const station::Act& act, const config::StationConfig& station, Output& output);

/// keepAct() for what is done before a station was ever used, too: where no journal was begun yet, nobody is told so.
Result<void> keepActIfBegun(const station::Act& act, const config::StationConfig& station);

} // namespace enroll::app::enrollctl

#include "app/enrollctl/kept_act.h"

#include "app/wiring/station_files.h"
#include "core/system/account_name.h"
#include "db/journal/acts.h"
#include "db/journal/open_journal.h"

namespace enroll::app::enrollctl {

station::Act actOfCommand(station::ActKind what, const config::StationConfig& station)
{
    station::Act act{.what = what, .at = utcNow(), .stationId = station.stationId};
    act.account = system::accountName();
    return act;
}

Result<void> requireKeepsActs(const config::StationConfig& station)
{
    TRY_ASSIGN(const bool isThere, db::journal::hasJournal(station.dataDirectory));
    return isThere ? db::journal::appendActs(wiring::journalOptions(station), {}) : Result<void>{};
}

Result<void> keepAct(const station::Act& act, const config::StationConfig& station, Output& output)
{
    TRY_ASSIGN(const bool isThere, db::journal::hasJournal(station.dataDirectory));
    if (!isThere) {
        output.progress("no journal was begun in " + station.dataDirectory.string() +
                        " yet: who did this is recorded nowhere");
        return {};
    }
    return keepActIfBegun(act, station);
}

Result<void> keepActIfBegun(const station::Act& act, const config::StationConfig& station)
{
    TRY_ASSIGN(const bool isThere, db::journal::hasJournal(station.dataDirectory));
    return isThere ? db::journal::appendActs(wiring::journalOptions(station), std::span{&act, 1}) : Result<void>{};
}

} // namespace enroll::app::enrollctl

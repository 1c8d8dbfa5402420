#include "app/enrollctl/kept_act.h"

#include "app/wiring/station_files.h"
#include "core/base/recoded.h"
#include "core/system/account_name.h"
#include "core/system/regular_file.h"
#include "db/journal/acts.h"

namespace enroll::app::enrollctl {
namespace {

Result<bool> hasJournal(const config::StationConfig& station)
{
    return system::fileIsThere(db::journal::journalFile(station.dataDirectory));
}

} // namespace

station::Act actOfCommand(station::ActKind what, const config::StationConfig& station)
{
    station::Act act{.what = what, .at = utcNow(), .stationId = station.stationId};
    act.account = system::accountName();
    return act;
}

Result<void> requireKeepsActs(const config::StationConfig& station)
{
    TRY_ASSIGN(const bool isThere, hasJournal(station));
    return isThere ? db::journal::appendActs(wiring::journalOptions(station), {}) : Result<void>{};
}

Result<void> keepAct(const station::Act& act, const config::StationConfig& station, Output& output)
{
    TRY_ASSIGN(const bool isThere, hasJournal(station));
    if (!isThere) {
        output.progress("no journal was begun in " + station.dataDirectory.string() +
                        " yet: who did this is recorded nowhere");
        return {};
    }
    return prefixed("it is done, but the journal does not hold who did it: ",
                    db::journal::appendActs(wiring::journalOptions(station), std::span{&act, 1}));
}

} // namespace enroll::app::enrollctl

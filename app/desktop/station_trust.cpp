#include "app/desktop/station_trust.h"

#include "app/wiring/station_check.h"
#include "app/wiring/station_files.h"
#include "db/trust/known_trust.h"

namespace enroll::app::desktop {
namespace {

namespace fs = std::filesystem;

using Folders = std::map<fs::path, fs::file_time_type>;

/// A file that is written is renamed into its place, which changes its folder.
Folders foldersOf(const fs::path& trust)
{
    std::error_code gone; // a folder that cannot be looked at is missed by the reading, too, which says so
    Folders folders{{trust, fs::last_write_time(trust, gone)}};
    for (fs::directory_iterator entry{trust, gone}; entry != fs::directory_iterator{}; entry.increment(gone)) {
        if (entry->is_directory(gone)) {
            folders.emplace(entry->path(), entry->last_write_time(gone));
        }
    }
    return folders;
}

} // namespace

StationTrust::StationTrust(config::StationConfig station, enrollment::ProductProfile profile)
    : m_station(std::move(station)), m_profile(std::move(profile))
{}

Result<crypto::TrustStore> StationTrust::read() const
{
    return wiring::loadTrust(m_station, m_profile);
}

StationTrust::Look StationTrust::lookAgain(Look last) const
{
    auto folders =
        foldersOf(wiring::trustDirectory(m_station)); // before they are read: what comes later is seen next time
    if (folders == last.folders) {
        return last;
    }
    Look look{.folders = std::move(folders)};
    const auto known = db::trust::readKnownTrust(wiring::trustDirectory(m_station), m_profile.trustSets);
    if (!known.ok()) {
        look.fault = known.error();
        return look;
    }
    look.missing = !wiring::requireAnchors(storeOf(*known, m_profile.trustSets), m_profile).ok();
    look.newest = db::trust::newestImport(known->authoritiesIn(m_profile.trustSets));
    return look;
}

} // namespace enroll::app::desktop

#include "db/review/own_files.h"

#include "core/base/station_code.h"
#include "db/journal/journal_options.h"
#include "db/slot_memory/slot_memory_file.h"

#include <algorithm>

namespace enroll::db::review {
namespace {

namespace fs = std::filesystem;

bool isNameOf(const fs::path& name, const fs::path& journal)
{
    const auto slots = slot_memory::slotMemoryFile({}).string();
    return name.string().starts_with(journal.filename().string()) || name.string().starts_with(slots) ||
           name.extension() == ".lock";
}

bool isBelow(const fs::path& folder, const fs::path& directory)
{
    return std::ranges::mismatch(directory, folder).in1 == directory.end() && folder != directory;
}

/// True if \p place is another name of an own file: the same device and inode.
bool isLinkedTo(const fs::path& place, const fs::path& directory, const fs::path& journal)
{
    std::error_code fault;
    for (fs::directory_iterator entry{directory, fault}; !fault && entry != fs::directory_iterator{};
         entry.increment(fault)) {
        std::error_code unknown; // one of the two does not exist
        if (isNameOf(entry->path().filename(), journal) && fs::equivalent(entry->path(), place, unknown)) {
            return true;
        }
    }
    return false;
}

} // namespace

Result<void> requireNoOwnFile(const fs::path& dataDirectory, const fs::path& place)
{
    std::error_code fault;
    const auto directory = fs::canonical(dataDirectory, fault);
    if (fault) {
        return {}; // no data directory, so it has no files
    }
    const auto folder = fs::canonical(place.has_parent_path() ? place.parent_path() : fs::path{"."}, fault);
    const auto journal = fs::weakly_canonical(journal::journalFile(directory), fault); // it may be a link to elsewhere
    const bool besideJournal = folder == directory || folder == journal.parent_path();
    if ((besideJournal && isNameOf(place.filename(), journal)) || isBelow(folder, directory) ||
        isLinkedTo(place, directory, journal)) {
        return makeError(StationCode::FileUnusable, place.string() +
                                                        " is a file of the station's own, kept in its data directory " +
                                                        dataDirectory.string() + ": name a file outside of it");
    }
    return {};
}

} // namespace enroll::db::review

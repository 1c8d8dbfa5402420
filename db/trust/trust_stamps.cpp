#include "db/trust/trust_stamps.h"

#include "core/system/directory.h"
#include "db/trust/trust_directory.h"

#include <algorithm>
#include <sys/stat.h>

namespace enroll::db::trust {
namespace {

namespace fs = std::filesystem;

UtcTime timeOf(const timespec& time)
{
    return UtcTime{std::chrono::floor<UtcTime::duration>(std::chrono::seconds{time.tv_sec} +
                                                         std::chrono::nanoseconds{time.tv_nsec})};
}

void add(const fs::path& file, TrustStamps& stamps)
{
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) {
        stamps.files[file] = {}; // it is not there, or the reading says what is wrong with it
    } else if (!S_ISDIR(status.st_mode)) {
        stamps.files[file] = {status.st_ino, status.st_size, status.st_ctim.tv_sec, status.st_ctim.tv_nsec};
        stamps.newest = std::max(stamps.newest, timeOf(status.st_ctim));
    }
}

void addAllIn(const fs::path& folder, TrustStamps& stamps)
{
    const auto entries = system::entriesOf(folder);
    if (!entries.ok()) {
        stamps.files[folder] = {};
        return;
    }
    for (const auto& entry : entries->value_or(std::vector<fs::path>{})) {
        if (isNameOfTheStore(entry)) {
            add(entry, stamps);
        }
    }
}

} // namespace

TrustStamps stampsOf(const fs::path& directory)
{
    TrustStamps stamps;
    addAllIn(directory, stamps);
    const auto names = trustSetsIn(directory);
    for (const auto& set : names.ok() ? *names : std::vector<std::string>{}) {
        addAllIn(directory / set, stamps);
    }
    return stamps;
}

} // namespace enroll::db::trust

#include "core/system/directory.h"

#include "core/base/station_code.h"

#include <algorithm>

namespace enroll::system {
namespace {

namespace fs = std::filesystem;

Error unusable(const fs::path& path, const std::string& why, ErrorSource source = {})
{
    return makeError(StationCode::FileUnusable, path.string() + " cannot be used: " + why, "list a directory",
                     std::move(source));
}

/// What does not exist is missing; but a link on the way to it that leads nowhere was meant to lead somewhere.
Result<void> requireNoDanglingLink(const fs::path& missing)
{
    for (auto part = missing; !part.empty(); part = part.parent_path()) {
        std::error_code unknown;
        const auto status = fs::symlink_status(part, unknown);
        if (fs::is_symlink(status)) {
            return unusable(part, "it is a symbolic link that leads nowhere");
        }
        if (fs::exists(status) || part == part.parent_path()) {
            break;
        }
    }
    return {};
}

} // namespace

Result<std::optional<std::vector<fs::path>>> entriesOf(const fs::path& directory)
{
    std::vector<fs::path> found;
    std::error_code failure;
    fs::directory_iterator entries{directory, failure};
    if (failure == std::errc::no_such_file_or_directory) {
        TRY(requireNoDanglingLink(directory));
        return std::optional<std::vector<fs::path>>{};
    }
    for (; !failure && entries != fs::directory_iterator{}; entries.increment(failure)) {
        found.push_back(entries->path());
    }
    if (failure == std::errc::not_a_directory) {
        return unusable(directory, "it is not a directory, or a part of its path is not", Errno{failure.value()});
    }
    if (failure) {
        return unusable(directory, failure.message(), Errno{failure.value()});
    }
    std::ranges::sort(found);
    return std::optional{std::move(found)};
}

} // namespace enroll::system

#include "core/system/durable_directory.h"

#include "core/base/station_code.h"

#include <cerrno>
#include <cstdlib>

namespace enroll::system {
namespace {

namespace fs = std::filesystem;

/// \p path without a slash at its end, which would leave it without a name of its own.
fs::path named(const fs::path& path)
{
    return path.has_filename() ? path : path.parent_path();
}

/// A directory under a name of its own. Removed with all that is in it, unless it was renamed.
class Draft {
public:
    static Result<Draft> beside(const fs::path& place)
    {
        const auto folder = place.has_parent_path() ? place.parent_path() : fs::path{"."};
        auto name = (folder / ("." + place.filename().string() + ".XXXXXX")).string();
        if (::mkdtemp(name.data()) == nullptr) {
            const int fault = errno;
            return makeError(StationCode::FileUnusable,
                             place.string() + " cannot be made: " + std::generic_category().message(fault), "mkdtemp",
                             Errno{fault});
        }
        return Draft{fs::path{name}};
    }
    Draft(Draft&& other) noexcept : m_path(std::exchange(other.m_path, {})) {}
    Draft& operator=(Draft&&) = delete;
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;
    ~Draft()
    {
        std::error_code ignored;
        if (!m_path.empty()) {
            fs::remove_all(m_path, ignored);
        }
    }

    [[nodiscard]] const fs::path& path() const noexcept { return m_path; }
    void forget() noexcept { m_path.clear(); }

private:
    explicit Draft(fs::path path) : m_path(std::move(path)) {}

    fs::path m_path;
};

} // namespace

Result<bool> makeDirectoryWith(const fs::path& place, std::span<const NewFile> files)
{
    const auto target = named(place);
    std::error_code unknown;
    if (fs::symlink_status(target, unknown).type() != fs::file_type::not_found) {
        return false; // before any secret is written beside it
    }
    TRY_ASSIGN(auto draft, Draft::beside(target));
    for (const auto& file : files) {
        TRY(writeDurably(draft.path() / file.name, file.content, file.mode));
    }
    TRY_ASSIGN(const bool placed, moveToFreeName(draft.path(), target));
    if (placed) {
        draft.forget();
    }
    return placed;
}

} // namespace enroll::system

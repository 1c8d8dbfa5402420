#include "core/system/whole_file.h"

#include "core/base/station_code.h"
#include "core/system/regular_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <unistd.h>

namespace enroll::system {
namespace {

constexpr std::size_t kPiece = std::size_t{64} * 1024;

Error tooLong(const std::filesystem::path& file, std::size_t most)
{
    return makeError(StationCode::FileUnusable,
                     file.string() + " cannot be read: it is longer than " + std::to_string(most) + " bytes");
}

/// Reads to the end of the file and not to the size that fstat() gave: a file may grow meanwhile. \p Content is Bytes
/// or std::string.
template <class Content>
Result<Content> readAll(const std::filesystem::path& file, std::size_t most)
{
    TRY_ASSIGN(const auto opened, openRegularFile(file));
    Content content;
    for (;;) {
        const auto before = content.size();
        content.resize(before + std::min(kPiece, most + 1 - before)); // one byte over \p most shows a longer file
        const auto got = ::read(opened.fd(), content.data() + before, content.size() - before);
        if (got < 0 && errno != EINTR) {
            return makeError(StationCode::FileUnusable, file.string() + " cannot be read to its end", "read",
                             Errno{errno});
        }
        content.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        if (got == 0) {
            return content;
        }
        if (content.size() > most) {
            return tooLong(file, most);
        }
    }
}

} // namespace

Result<Bytes> readWholeFile(const std::filesystem::path& file, std::size_t most)
{
    return readAll<Bytes>(file, most);
}

Result<std::string> readWholeText(const std::filesystem::path& file, std::size_t most)
{
    return readAll<std::string>(file, most);
}

} // namespace enroll::system

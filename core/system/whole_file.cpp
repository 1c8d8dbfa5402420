#include "core/system/whole_file.h"

#include "core/base/station_code.h"
#include "core/system/regular_file.h"

#include <algorithm>
#include <array>
#include <span>
#include <system_error>

namespace enroll::system {
namespace {

constexpr std::size_t kPiece = std::size_t{64} * 1024;

Error tooLong(const std::filesystem::path& file, std::size_t most)
{
    return makeError(StationCode::FileUnusable,
                     file.string() + " cannot be read: it is longer than " + std::to_string(most) + " bytes");
}

bool isFileItself(const std::filesystem::path& file)
{
    std::error_code fault;
    return std::filesystem::is_regular_file(std::filesystem::symlink_status(file, fault));
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
        const auto room = std::as_writable_bytes(std::span{content}).subspan(before);
        TRY_ASSIGN(const auto got, readAt(opened, before, room, file));
        content.resize(before + got);
        if (got == 0) {
            return content;
        }
        if (content.size() > most) {
            return tooLong(file, most);
        }
    }
}

} // namespace

Result<bool> haveSameContent(const std::filesystem::path& one, const std::filesystem::path& other)
{
    if (!isFileItself(one) || !isFileItself(other)) {
        return false;
    }
    TRY_ASSIGN(const auto first, openRegularFile(one));
    TRY_ASSIGN(const auto second, openRegularFile(other));
    Bytes left(kPiece);
    Bytes right(kPiece);
    for (std::uint64_t at = 0;; at += kPiece) {
        TRY_ASSIGN(const auto fromFirst, readAt(first, at, left, one));
        TRY_ASSIGN(const auto fromSecond, readAt(second, at, right, other));
        if (!equalBytes(ByteView{left}.first(fromFirst), ByteView{right}.first(fromSecond))) {
            return false;
        }
        if (fromFirst == 0) {
            return true;
        }
    }
}

Result<Bytes> readWholeFile(const std::filesystem::path& file, std::size_t most)
{
    return readAll<Bytes>(file, most);
}

Result<std::string> readWholeText(const std::filesystem::path& file, std::size_t most)
{
    return readAll<std::string>(file, most);
}

} // namespace enroll::system

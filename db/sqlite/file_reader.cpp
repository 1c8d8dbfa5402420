#include "db/sqlite/file_reader.h"

#include "core/base/station_code.h"
#include "db/qt/values.h"

#include <QUrl>

#include <algorithm>
#include <memory>
#include <sqlite3.h>

namespace enroll::db::sqlite {
namespace {

struct Close {
    void operator()(sqlite3* database) const noexcept { sqlite3_close(database); }
};

Error cannotRead(const std::filesystem::path& database, int code)
{
    return makeError(StationCode::FileUnusable, database.string() + ": cannot be read: " + sqlite3_errstr(code));
}

} // namespace

Result<ReadFile> readerOfDatabase(const std::filesystem::path& database)
{
    const auto uri = "file:" + QUrl::toPercentEncoding(qt::toQPath(database), "/").toStdString() + "?immutable=1";
    sqlite3* handle = nullptr;
    const int opened = sqlite3_open_v2(uri.c_str(), &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nullptr);
    const std::shared_ptr<sqlite3> owned{handle, Close{}};
    sqlite3_file* file = nullptr;
    const int found = opened == SQLITE_OK
                          ? sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file))
                          : opened;
    if (found != SQLITE_OK || file == nullptr || file->pMethods == nullptr) {
        return cannotRead(database, found);
    }
    return ReadFile{[owned, file, database](std::uint64_t offset, std::span<std::byte> into) -> Result<std::size_t> {
        sqlite3_int64 size = 0;
        int read = file->pMethods->xFileSize(file, &size);
        const auto end = static_cast<std::uint64_t>(size);
        const auto there = offset < end ? std::min<std::uint64_t>(into.size(), end - offset) : 0;
        if (read == SQLITE_OK && there > 0) {
            read =
                file->pMethods->xRead(file, into.data(), static_cast<int>(there), static_cast<sqlite3_int64>(offset));
        }
        return read == SQLITE_OK ? Result<std::size_t>{static_cast<std::size_t>(there)}
                                 : Result<std::size_t>{cannotRead(database, read)};
    }};
}

} // namespace enroll::db::sqlite

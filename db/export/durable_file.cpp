#include "db/export/durable_file.h"

#include "core/base/station_code.h"

#include <QSaveFile>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace enroll::db::exporting {
namespace {

Error cannotWrite(const std::filesystem::path& file, const QString& why)
{
    return makeError(StationCode::InputInvalid, "cannot write " + file.string() + ": " + why.toStdString());
}

/// Without this the new name itself could be gone after a power cut.
Result<void> syncDirectory(const std::filesystem::path& directory)
{
    const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    const int fault = errno;
    if (descriptor >= 0) {
        ::close(descriptor);
    }
    if (!synced) {
        return makeError(StationCode::InputInvalid, "cannot sync the directory", "fsync " + directory.string(),
                         Errno{fault});
    }
    return {};
}

/// The renaming at the end would put a file where a device, a pipe or a directory is.
Result<void> requireFileOrNothing(const std::filesystem::path& file)
{
    std::error_code fault;
    const auto there = std::filesystem::status(file, fault);
    if (std::filesystem::exists(there) && !std::filesystem::is_regular_file(there)) {
        return cannotWrite(file, QLatin1String("it is there and is no regular file"));
    }
    return {};
}

} // namespace

Result<ExportReport> writeDurably(const std::filesystem::path& file,
                                  const std::function<Result<ExportReport>(QIODevice&)>& writer)
{
    TRY(requireFileOrNothing(file));
    QSaveFile out{QString::fromStdString(file.string())};
    if (!out.open(QIODevice::WriteOnly)) {
        return cannotWrite(file, out.errorString());
    }
    TRY_ASSIGN(auto report, writer(out));
    // QSaveFile syncs too but ignores the outcome.
    if (!out.flush() || ::fsync(out.handle()) != 0 || !out.commit()) {
        return cannotWrite(file, out.errorString());
    }
    TRY(syncDirectory(std::filesystem::absolute(file).parent_path()));
    return report;
}

} // namespace enroll::db::exporting

#include "db/sqlite/private_file.h"

#include "core/base/station_code.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace enroll::db::sqlite {

Result<void> makePrivateFile(const std::filesystem::path& file)
{
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0 && errno != EEXIST) {
        return makeError(StationCode::JournalCannotSave, "cannot make the database file", "open " + file.string(),
                         Errno{errno});
    }
    if (descriptor >= 0) {
        ::close(descriptor);
    }
    return {};
}

} // namespace enroll::db::sqlite

#include "app/enrollctl/secret_file.h"

#include "db/upload/dps_client.h"

namespace enroll::app::enrollctl {
namespace {

namespace fs = std::filesystem;

Result<void> requireOwnersAlone(const fs::path& file)
{
    std::error_code missing; // said by who reads the file
    const auto mode = fs::status(file, missing).permissions();
    if (!missing && (mode & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none) {
        return makeError(ErrorCode::ConfigurationInvalid,
                         "the file holds a secret and others can reach it; run: chmod 600 " + file.string(),
                         file.string());
    }
    return {};
}

} // namespace

Result<crypto::ConnectionString> readAccess(const fs::path& file)
{
    TRY(requireOwnersAlone(file));
    return db::upload::readConnectionStringFile(file);
}

} // namespace enroll::app::enrollctl

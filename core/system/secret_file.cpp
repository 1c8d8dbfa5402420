#include "core/system/secret_file.h"

#include "core/base/station_code.h"
#include "core/system/regular_file.h"

#include <cerrno>
#include <cstdlib>
#include <sys/stat.h>
#include <unistd.h>

namespace enroll::system {
namespace {

Error unusable(const std::filesystem::path& file, const std::string& why, ErrorSource source = {})
{
    return makeError(StationCode::FileUnusable, file.string() + " " + why, "read a secret", std::move(source));
}

/// True for a file directly in the directory in which systemd passes credentials to this service.
bool isSystemdCredential(const std::filesystem::path& file)
{
    const char* directory = std::getenv("CREDENTIALS_DIRECTORY"); // NOLINT(concurrency-mt-unsafe)
    return directory != nullptr && *directory != '\0' && file.parent_path() == std::filesystem::path{directory};
}

Result<void> requirePrivate(const Descriptor& opened, const std::filesystem::path& file)
{
    struct stat status {};
    if (::fstat(opened.fd(), &status) != 0) {
        return unusable(file, "cannot be read", Errno{errno});
    }
    const mode_t strangers = isSystemdCredential(file) ? S_IRWXO : S_IRWXO | S_IRWXG;
    if ((status.st_mode & strangers) != 0) {
        return unusable(file, "holds a secret and others can reach it; run: chmod 600 " + file.string());
    }
    return {};
}

/// The number of bytes that came, up to the size of \p into.
Result<std::size_t> readInto(std::span<std::byte> into, const Descriptor& opened, const std::filesystem::path& file)
{
    std::size_t count = 0;
    while (count < into.size()) {
        const auto got = ::read(opened.fd(), into.data() + count, into.size() - count);
        if (got < 0 && errno != EINTR) {
            return unusable(file, "cannot be read to its end", Errno{errno});
        }
        if (got == 0) {
            break;
        }
        count += got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    return count;
}

} // namespace

Result<SecretBytes> readSecretFile(const std::filesystem::path& file, std::size_t most)
{
    TRY_ASSIGN(const auto opened, openRegularFile(file));
    TRY(requirePrivate(opened, file));
    SecretBytes content{most + 1}; // one byte more shows a file that is too long
    TRY_ASSIGN(const auto size, readInto(content.writable(), opened, file));
    if (size > most) {
        return unusable(file, "is longer than " + std::to_string(most) + " bytes");
    }
    return SecretBytes::copyOf(content.view().first(size));
}

} // namespace enroll::system

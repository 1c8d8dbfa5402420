#include "core/crypto/pem_file.h"

#include "core/base/station_code.h"
#include "core/crypto/base64.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

namespace enroll::crypto {
namespace {

namespace fs = std::filesystem;

Error cannotWrite(const fs::path& file, const char* operation)
{
    return makeError(StationCode::JournalCannotSave, "cannot write " + file.string(), operation, Errno{errno});
}

class FileDescriptor {
public:
    explicit FileDescriptor(int number) noexcept : m_number(number) {}
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    ~FileDescriptor()
    {
        if (m_number >= 0) {
            ::close(m_number);
        }
    }
    [[nodiscard]] int number() const noexcept { return m_number; }

private:
    int m_number;
};

/// Source: RFC 7468, section 5: lines of 64 characters.
std::string pemOf(const Certificate& certificate)
{
    constexpr std::size_t kLine = 64;
    const auto content = toBase64(certificate.der());
    std::string pem = "-----BEGIN CERTIFICATE-----\n";
    for (std::size_t at = 0; at < content.size(); at += kLine) {
        pem.append(content, at, kLine).push_back('\n');
    }
    return pem + "-----END CERTIFICATE-----\n";
}

Result<void> writeAll(int file, std::string_view text, const fs::path& name)
{
    while (!text.empty()) {
        const auto count = ::write(file, text.data(), text.size());
        if (count < 0 && errno != EINTR) {
            return cannotWrite(name, "write");
        }
        text.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
    return {};
}

Result<void> syncDirectory(const fs::path& directory)
{
    const FileDescriptor handle{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (handle.number() < 0 || ::fsync(handle.number()) != 0) {
        return cannotWrite(directory, "fsync");
    }
    return {};
}

Result<void> fillAndRename(int handle, std::string_view text, const std::string& temporary, const fs::path& file)
{
    constexpr mode_t kReadableByAll = 0644; // certificates are public; mkostemp starts with 0600
    TRY(writeAll(handle, text, temporary));
    if (::fchmod(handle, kReadableByAll) != 0 || ::fsync(handle) != 0) {
        return cannotWrite(temporary, "fsync");
    }
    if (::rename(temporary.c_str(), file.c_str()) != 0) {
        return cannotWrite(file, "rename");
    }
    return {};
}

} // namespace

Result<Bytes> readCertificateFile(const fs::path& file)
{
    std::error_code failure;
    const auto size = fs::file_size(file, failure); // fails for what is no file: opening a pipe would wait for a writer
    std::ifstream stream;
    if (!failure && size <= kLargestCertificateFile) {
        stream.open(file, std::ios::binary);
    }
    if (!stream.is_open()) {
        return makeError(StationCode::InputInvalid, file.string() + " cannot be read as a file of certificates");
    }
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    return toBytes(asBytes(text));
}

Result<void> writePemFile(const Certificate& certificate, const fs::path& file)
{
    auto temporary = (file.parent_path() / ("." + file.filename().string() + ".XXXXXX")).string();
    const FileDescriptor handle{::mkostemp(temporary.data(), O_CLOEXEC)};
    if (handle.number() < 0) {
        return cannotWrite(file, "mkostemp");
    }
    if (auto written = fillAndRename(handle.number(), pemOf(certificate), temporary, file); !written.ok()) {
        ::unlink(temporary.c_str());
        return written;
    }
    return syncDirectory(file.parent_path());
}

} // namespace enroll::crypto

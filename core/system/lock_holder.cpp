#include "core/system/lock_holder.h"

#include "core/base/text.h"
#include "core/system/whole_file.h"

#include <charconv>
#include <sstream>
#include <sys/stat.h>
#include <sys/sysmacros.h>

namespace enroll::system {
namespace {

// A line a lock: far more than one machine has.
constexpr std::size_t kLongest = std::size_t{4} * 1024 * 1024;
constexpr std::size_t kLongestName = 256;

/// "fd:01:1234": how /proc/locks names a file.
std::optional<std::string> nameInLocks(const std::filesystem::path& file)
{
    struct stat found {};
    if (::stat(file.c_str(), &found) != 0) {
        return std::nullopt;
    }
    std::ostringstream name;
    for (const auto part : {::gnu_dev_major(found.st_dev), ::gnu_dev_minor(found.st_dev)}) {
        name << std::hex << (part < 0x10 ? "0" : "") << part << ':';
    }
    name << std::dec << found.st_ino;
    return name.str();
}

/// The process of "1: FLOCK  ADVISORY  WRITE 1234 fd:01:1234 0 EOF" if that is a lock on \p file. One that only waits has
/// an arrow before its kind.
std::optional<pid_t> holderIn(const std::string& line, const std::string& file)
{
    std::istringstream words(line);
    std::string number;
    std::string kind;
    std::string way;
    std::string mode;
    std::string process;
    std::string place;
    words >> number >> kind >> way >> mode >> process >> place;
    pid_t found = 0;
    const auto read = std::from_chars(process.data(), process.data() + process.size(), found);
    return kind == "FLOCK" && place == file && read.ec == std::errc{} && found > 0 ? std::optional{found}
                                                                                   : std::nullopt;
}

std::string programOf(pid_t process)
{
    const auto name = readWholeText("/proc/" + std::to_string(process) + "/comm", kLongestName);
    return name.ok() ? std::string{trimmed(*name)} : std::string{};
}

} // namespace

std::optional<LockHolder> lockHolder(const std::filesystem::path& file)
{
    const auto name = nameInLocks(file);
    const auto locks = name ? readWholeText("/proc/locks", kLongest) : Result<std::string>{std::string{}};
    std::istringstream lines(locks.ok() ? *locks : std::string{});
    for (std::string line; std::getline(lines, line);) {
        if (const auto process = holderIn(line, *name)) {
            return LockHolder{*process, programOf(*process)};
        }
    }
    return std::nullopt;
}

} // namespace enroll::system

#include "core/system/process_group.h"

#include "core/base/station_code.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace enroll::system {
namespace {

/// Only async-signal-safe calls between fork() and exec(), as in ChildProcess.
[[noreturn]] void becomeKeeper(int lifeline) noexcept
{
    ::setpgid(0, 0);
    const int null = ::open("/dev/null", O_WRONLY);
    ::dup2(lifeline, STDIN_FILENO);
    ::fcntl(STDIN_FILENO, F_SETFD, 0); // it is the same where standard input was closed, and closes on exec then
    ::dup2(null, STDOUT_FILENO);
    ::dup2(null, STDERR_FILENO);
    closeOthersOnExec();
    ::execl("/bin/sh", "sh", "-c", "read -r nothing; kill -KILL 0", nullptr);
    ::_exit(1);
}

} // namespace

Result<ProcessGroup> ProcessGroup::make()
{
    const auto cannot = [](const char* what) {
        return makeError(StationCode::StationCannotReachPort, what, {}, Errno{errno});
    };
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return cannot("no pipe for a group of processes");
    }
    const Descriptor toKeeper{ends[0]};
    Descriptor lifeline{ends[1]};
    const pid_t keeper = ::fork();
    if (keeper < 0) {
        return cannot("no process for a group of processes");
    }
    if (keeper == 0) {
        becomeKeeper(toKeeper.fd());
    }
    ::setpgid(keeper, keeper); // here as well: whoever joins the group next does not wait for the keeper
    return ProcessGroup{keeper, std::move(lifeline)};
}

ProcessGroup& ProcessGroup::operator=(ProcessGroup&& other) noexcept
{
    if (this != &other) {
        end();
        m_keeper = std::exchange(other.m_keeper, -1);
        m_lifeline = std::move(other.m_lifeline);
    }
    return *this;
}

void ProcessGroup::end() noexcept
{
    if (m_keeper > 0) {
        ::kill(-m_keeper, SIGKILL);
        ::waitpid(m_keeper, nullptr, 0);
        m_keeper = -1;
        const auto cut = std::move(m_lifeline);
    }
}

void closeOthersOnExec() noexcept
{
    ::syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 1U << 2U); // CLOSE_RANGE_CLOEXEC
}

} // namespace enroll::system

#include "core/system/child_process.h"

#include "core/base/station_code.h"
#include "core/system/write_signals.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ; // NOLINT(readability-redundant-declaration): not in every <unistd.h>

namespace enroll::system {
namespace {

constexpr int kSignalBase = 128;

Error systemError(std::string what)
{
    return makeError(StationCode::StationCannotReachPort, std::move(what), {}, Errno{errno});
}

/// The null-terminated array of pointers that execvpe() takes. It points into \p texts, and is made before fork(),
/// after which nothing may be allocated.
std::vector<char*> pointersTo(std::vector<std::string>& texts)
{
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (auto& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

std::vector<std::string> environmentWith(const std::vector<std::string>& additions)
{
    auto all = additions;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view own = *entry;
        const auto name = own.substr(
            0, own.find('=') + 1); // a name that stands twice is read by some as the one, by others as the other
        const bool isReplaced = !name.empty() && std::ranges::any_of(additions, [name](const std::string& addition) {
            return addition.starts_with(name);
        });
        if (!isReplaced) {
            all.emplace_back(own);
        }
    }
    return all;
}

/// Blocked and ignored signals survive exec; a program that is not ours would not expect them. SIGHUP is left alone, so
/// that nohup(1) covers the child, too.
void takeDefaultSignals() noexcept
{
    restoreSignalsOfWrites();
    sigset_t none;
    sigemptyset(&none);
    ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

/// Gives the child its standard streams. Only async-signal-safe calls.
void takeStreams(const ChildCommand& command) noexcept
{
    const int input = command.streams ? command.streams->input : ::open("/dev/null", O_RDONLY);
    const int output = command.streams ? command.streams->output
                                       : ::open(command.logFile.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    const int error = command.streams ? command.streams->error : output;
    if (input < 0 || output < 0 || error < 0) {
        ::_exit(kExitNotFound);
    }
    ::dup2(input, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(error, STDERR_FILENO);
}

/// The child's way from fork() to exec(). Only async-signal-safe calls: another thread may have held a lock, that of
/// malloc() for instance, when fork() copied this process, and nobody in the copy will ever release it.
[[noreturn]] void becomeChild(const ChildCommand& command, char** arguments, char** environment, pid_t parent,
                              pid_t group)
{
    ::setpgid(0, group);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) {
        ::_exit(kExitNotFound); // the parent ended before prctl(): its end would never be signalled
    }
    takeStreams(command);
    // Marked close-on-exec rather than closed, so that the list below can take some out again.
    closeOthersOnExec();
    for (const int fd : command.inheritedDescriptors) {
        ::fcntl(fd, F_SETFD, 0);
    }
    takeDefaultSignals();
    ::execvpe(arguments[0], arguments, environment);
    ::_exit(kExitNotFound);
}

int statusOf(int raw) noexcept
{
    return WIFEXITED(raw) ? WEXITSTATUS(raw) : kSignalBase + WTERMSIG(raw);
}

} // namespace

Result<ChildProcess> ChildProcess::start(const ChildCommand& command)
{
    auto argumentTexts = command.arguments;
    auto environmentTexts = environmentWith(command.environment);
    const auto arguments = pointersTo(argumentTexts);
    const auto environment = pointersTo(environmentTexts);
    const pid_t parent = ::getpid();
    TRY_ASSIGN(auto group, ProcessGroup::make());
    const pid_t pid = ::fork();
    if (pid < 0) {
        return systemError("no process for " + command.arguments.front());
    }
    if (pid == 0) {
        becomeChild(command, const_cast<char**>(arguments.data()), const_cast<char**>(environment.data()), parent,
                    group.id());
    }
    ::setpgid(pid, group.id()); // here as well: it may be ended before it got there
    return ChildProcess{pid, std::move(group)};
}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept
{
    if (this != &other) {
        kill();
        m_pid = std::exchange(other.m_pid, -1);
        m_group = std::move(other.m_group);
    }
    return *this;
}

Result<Descriptor> ChildProcess::watch() const
{
    // waitpid() knows no deadline; a pidfd turns readable when the process ends and can be polled with one.
    Descriptor process{static_cast<int>(::syscall(SYS_pidfd_open, m_pid, 0))};
    if (!process.valid()) {
        return systemError("the process cannot be waited for");
    }
    return process;
}

Result<int> ChildProcess::wait(const Deadline& deadline)
{
    TRY_ASSIGN(const auto process, watch());
    pollfd ended{process.fd(), POLLIN, 0};
    int ready = 0;
    do {
        ready = ::poll(&ended, 1, static_cast<int>(deadline.left().count()));
    } while (ready < 0 && errno == EINTR);
    if (ready < 0) {
        return systemError("the process cannot be waited for");
    }
    if (ready == 0) {
        return makeError(StationCode::StationCannotReachPort, "the process did not end in time");
    }
    m_group.end(); // what it left behind
    int raw = 0;   // m_pid is given up with the reaping: the system may give the number to another process
    if (::waitpid(std::exchange(m_pid, -1), &raw, 0) < 0) {
        return systemError("how the process ended cannot be asked"); // whoever started the program ignores SIGCHLD
    }
    return statusOf(raw);
}

void ChildProcess::kill() noexcept
{
    if (m_pid > 0) {
        m_group.end();
        ::kill(m_pid, SIGKILL); // even if it could not join the group
        ::waitpid(m_pid, nullptr, 0);
        m_pid = -1;
    }
}

} // namespace enroll::system

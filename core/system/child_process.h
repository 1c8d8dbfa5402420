#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/system/descriptor.h"
#include "core/system/process_group.h"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace enroll::system {

/// Exit status of a child whose program cannot be run; shells use the same number.
inline constexpr int kExitNotFound = 127;

/// Open descriptors that become a child's standard streams, each a copy. They stay the caller's.
struct ChildStreams {
    int input;
    int output; ///< may be \p input, such as one end of a pair of sockets
    int error;
};

/// What to run. No shell is involved, so no character of an argument has a special meaning.
struct ChildCommand {
    std::vector<std::string> arguments;         ///< the program first, found on PATH
    std::filesystem::path logFile = {};         ///< takes standard output and standard error, appended
    std::vector<int> inheritedDescriptors = {}; ///< everything else is closed in the child
    std::vector<std::string> environment = {};  ///< "NAME=value", in the place of this process's own
    std::optional<ChildStreams> streams = {}; ///< in the place of an empty input and of \p logFile, which is not opened
};

/// A child process that does not outlive its owner: the destructor kills it, and so does the kernel when the thread
/// that called start() ends (PR_SET_PDEATHSIG). What it started itself, and left behind, ends with the object and with
/// this process, by whatever they end: they are one ProcessGroup. Signals start as a new program expects them: none is blocked, and
/// SIGPIPE and SIGXFSZ have their default action. One thread at a time.
class ChildProcess {
public:
    /// Error S-321 with errno if no process can be made. A program or log file that cannot be opened is no error here:
    /// the child ends with kExitNotFound.
    static Result<ChildProcess> start(const ChildCommand& command);

    ChildProcess(ChildProcess&& other) noexcept
        : m_pid(std::exchange(other.m_pid, -1)), m_group(std::move(other.m_group))
    {}
    ChildProcess& operator=(ChildProcess&& other) noexcept;
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    ~ChildProcess() { kill(); }

    /// A descriptor that turns readable when the process ends, for a wait of which it is one part. Error S-321 with errno.
    /// \pre wait() did not return a status, and kill() was not called
    [[nodiscard]] Result<Descriptor> watch() const;

    /// Waits for the end. Returns the exit status, or 128 + the signal that ended it; afterwards the object is empty.
    /// Error S-321 at the deadline: the process keeps running.
    Result<int> wait(const Deadline& deadline);

    /// Ends the process with SIGKILL and reaps it. A second call does nothing.
    void kill() noexcept;

private:
    ChildProcess(pid_t pid, ProcessGroup group) noexcept : m_pid(pid), m_group(std::move(group)) {}
    pid_t m_pid;
    ProcessGroup m_group;
};

} // namespace enroll::system

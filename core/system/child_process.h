#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace enroll::system {

/// Exit status of a child whose program does not exist, as a shell says it.
inline constexpr int kExitNotFound = 127;

/// What to run. Found on PATH; no shell is involved.
struct Command {
    std::vector<std::string> arguments;         ///< the program first
    std::filesystem::path logFile;              ///< takes standard output and standard error, appended
    std::vector<int> inheritedDescriptors = {}; ///< everything else is closed in the child
    std::vector<std::string> environment = {};  ///< "NAME=value", beside what this process has
};

/// A process that does not outlive its owner: killed on destruction, and by the kernel if this process's thread ends.
/// It starts with no signal blocked, and with SIGPIPE and SIGXFSZ as the system has them.
class ChildProcess {
public:
    /// Errors S-321 with errno. That the program does not exist shows as exit status 127.
    static Result<ChildProcess> start(const Command& command);

    ChildProcess(ChildProcess&& other) noexcept : m_pid(std::exchange(other.m_pid, -1)) {}
    ChildProcess& operator=(ChildProcess&& other) noexcept;
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    ~ChildProcess() { kill(); }

    /// Waits for the end; the exit status, or 128 + signal. Error S-321 at the deadline (the process keeps running).
    Result<int> wait(const Deadline& deadline);

    /// Ends the process now and reaps it. Idempotent.
    void kill() noexcept;

private:
    explicit ChildProcess(pid_t pid) noexcept : m_pid(pid) {}
    pid_t m_pid;
};

} // namespace enroll::system

#pragma once

#include "core/base/result.h"
#include "core/system/descriptor.h"

#include <sys/types.h>
#include <utility>

namespace enroll::system {

/// A process group that ends as a whole: by end(), by the destructor, and when this process ends, by whatever. So end
/// the processes that a child started and left behind, too, of which PR_SET_PDEATHSIG tells nothing: their parent is
/// gone already. A process that makes itself a group of its own is not reached.
///
/// A keeper within it, a shell, waits for the end of a pipe whose other end this process alone holds. It keeps the
/// group's number from being given to others, as well. One thread at a time.
class ProcessGroup {
public:
    /// Error S-321 with errno if no process or no pipe can be made.
    static Result<ProcessGroup> make();

    ProcessGroup(ProcessGroup&& other) noexcept
        : m_keeper(std::exchange(other.m_keeper, -1)), m_lifeline(std::move(other.m_lifeline))
    {}
    ProcessGroup& operator=(ProcessGroup&& other) noexcept;
    ProcessGroup(const ProcessGroup&) = delete;
    ProcessGroup& operator=(const ProcessGroup&) = delete;
    ~ProcessGroup() { end(); }

    [[nodiscard]] pid_t id() const noexcept { return m_keeper; }

    /// Ends every process of it with SIGKILL. Who started one reaps it. A second call does nothing.
    void end() noexcept;

private:
    ProcessGroup(pid_t keeper, Descriptor lifeline) noexcept : m_keeper(keeper), m_lifeline(std::move(lifeline)) {}

    pid_t m_keeper;
    Descriptor m_lifeline;
};

/// Every descriptor but the standard ones is closed by exec() from here on. Async-signal-safe.
void closeOthersOnExec() noexcept;

} // namespace enroll::system

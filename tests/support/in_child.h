#pragma once

#include <sys/wait.h>
#include <unistd.h>

namespace enroll::test {

/// What a forked copy of this process ended with: the value \p work returned (0..255), or 128 + the signal that ended
/// it. For what would change this process for good: limits, signals, the user it runs as.
template <class Work>
int resultInChild(Work work)
{
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(static_cast<int>(work()));
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Gives up the rights of root, who may read and write everything; nothing for any other user.
inline void becomeAnybody()
{
    if (::geteuid() == 0) {
        constexpr uid_t kNobody = 65534;
        if (::setegid(kNobody) != 0 || ::seteuid(kNobody) != 0) {
            ::_exit(255);
        }
    }
}

} // namespace enroll::test

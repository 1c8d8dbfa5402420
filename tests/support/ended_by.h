#pragma once

#include <csignal>
#include <cstdio>
#include <sys/wait.h>
#include <unistd.h>

namespace enroll::test {

/// Calls \p mistake in a child process and returns the signal that ended it, 0 if it came back.
template <class Mistake>
int signalThatEnds(const Mistake& mistake)
{
    const pid_t child = ::fork();
    if (child == 0) {
        std::fclose(stderr);           // the child's last words are expected
        std::signal(SIGABRT, SIG_DFL); // QtTest would write a report of its own
        mistake();
        ::_exit(0);
    }
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

} // namespace enroll::test

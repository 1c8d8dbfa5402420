#include "tests/support/bound_process.h"

#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

namespace enroll::test {

BoundProcess::BoundProcess()
{
    setChildProcessModifier([parent = ::getpid()] {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) {
            ::_exit(1); // the test ended before the line above took effect
        }
    });
}

BoundProcess::~BoundProcess()
{
    if (state() != NotRunning) {
        kill();
        waitForFinished();
    }
}

} // namespace enroll::test

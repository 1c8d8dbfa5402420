// pacing-relay tcp://127.0.0.1:PORT : slows a software TPM to real-chip times for scripts. Prints the address to use
// instead, and the number of commands when it ends, which is on SIGTERM or SIGINT.

#include "tests/support/pacing_relay.h"

#include <csignal>
#include <cstdio>

int main(int argc, char** argv)
{
    if (argc != 2 || !enroll::transport::parseDeviceAddress(argv[1])) {
        std::fputs("usage: pacing-relay tcp://127.0.0.1:PORT\n", stderr);
        return 2;
    }
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ending, nullptr); // before the relay's thread starts, so that it is blocked there too

    const enroll::test::PacingRelay relay{argv[1]};
    std::printf("%s\n", relay.address().c_str());
    std::fflush(stdout);
    int signal = 0;
    sigwait(&ending, &signal);
    std::printf("%llu commands\n", static_cast<unsigned long long>(relay.counts().commands()));
    return 0;
}

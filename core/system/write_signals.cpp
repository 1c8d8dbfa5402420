#include "core/system/write_signals.h"

#include <csignal>

namespace enroll::system {

void ignoreSignalsOfWrites() noexcept
{
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

void restoreSignalsOfWrites() noexcept
{
    std::signal(SIGPIPE, SIG_DFL);
    std::signal(SIGXFSZ, SIG_DFL);
}

} // namespace enroll::system

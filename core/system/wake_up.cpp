#include "core/system/wake_up.h"

#include "core/base/station_code.h"

#include <cerrno>
#include <cstdint>
#include <sys/eventfd.h>
#include <unistd.h>

namespace enroll::system {

Result<WakeUp> WakeUp::create()
{
    Descriptor event{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (!event.valid()) {
        return makeError(StationCode::StationCannotReachPort, "cannot make an event descriptor", "eventfd",
                         Errno{errno});
    }
    return WakeUp{std::move(event)};
}

void WakeUp::raise() const noexcept
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(fd(), &one, sizeof one); // fails only if it is raised already
}

void WakeUp::clear() const noexcept
{
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(fd(), &count, sizeof count); // fails only if it is clear already
}

} // namespace enroll::system

#include "core/transport/plug_watch.h"

#include "core/base/station_code.h"
#include "core/transport/interruptible_wait.h"
#include "core/transport/udev_ptr.h"

#include <algorithm>
#include <array>
#include <poll.h>

namespace enroll::transport {
namespace {

constexpr std::array kSubsystems{"usb", "tty", "net", "tpmrm"};
/// A hub that resets tells of each device behind it; what more there is comes with the next turn.
constexpr int kMostAtOnce = 256;

} // namespace

struct PlugWatch::Impl {
    UdevPtr context;
    UdevMonitorPtr monitor;
};

PlugWatch::PlugWatch(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
PlugWatch::~PlugWatch() = default;

Result<std::unique_ptr<PlugWatch>> PlugWatch::open()
{
    auto impl = std::make_unique<Impl>();
    impl->context.reset(udev_new());
    // "udev": its rules have been applied, so that the node belongs to the group that the station is in.
    impl->monitor.reset(impl->context ? udev_monitor_new_from_netlink(impl->context.get(), "udev") : nullptr);
    auto* monitor = impl->monitor.get();
    const auto wanted = [monitor](const char* subsystem) {
        return udev_monitor_filter_add_match_subsystem_devtype(monitor, subsystem, nullptr) >= 0;
    };
    if (monitor == nullptr || !std::ranges::all_of(kSubsystems, wanted) || udev_monitor_enable_receiving(monitor) < 0) {
        return makeError(StationCode::StationCannotReachPort, "udev does not tell what is plugged in", "libudev");
    }
    return std::unique_ptr<PlugWatch>{new PlugWatch{std::move(impl)}};
}

int PlugWatch::fd() const noexcept
{
    return udev_monitor_get_fd(m_impl->monitor.get());
}

Result<void> PlugWatch::wait(const Deadline& deadline, const system::WakeUp& interrupt)
{
    do {
        std::array<pollfd, 1> news{pollfd{fd(), POLLIN, 0}};
        TRY(waitUntilAnyIsReady(news, deadline, interrupt));
    } while (!take()); // of another subsystem
    return {};
}

bool PlugWatch::take()
{
    int count = 0;
    while (count < kMostAtOnce && UdevDevicePtr{udev_monitor_receive_device(m_impl->monitor.get())}) {
        ++count;
    }
    return count > 0;
}

} // namespace enroll::transport

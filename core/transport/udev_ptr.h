#pragma once

#include <libudev.h>
#include <memory>

namespace enroll::transport {

template <auto Release>
struct UdevReleaser {
    void operator()(auto* thing) const noexcept { Release(thing); }
};

using UdevPtr = std::unique_ptr<udev, UdevReleaser<&udev_unref>>;
using UdevEnumeratePtr = std::unique_ptr<udev_enumerate, UdevReleaser<&udev_enumerate_unref>>;
using UdevDevicePtr = std::unique_ptr<udev_device, UdevReleaser<&udev_device_unref>>;
using UdevMonitorPtr = std::unique_ptr<udev_monitor, UdevReleaser<&udev_monitor_unref>>;

} // namespace enroll::transport

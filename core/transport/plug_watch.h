#pragma once

#include "core/base/clock.h"
#include "core/system/wake_up.h"

#include <memory>

namespace enroll::transport {

/// Tells when something that may carry a device was plugged into this machine or out of it: a USB device, a serial line, a network
/// interface or a TPM. What, and where, it does not tell: whoever is told looks. One thread.
class PlugWatch {
public:
    /// Error S-321 where udev has no such news, as in a container.
    static Result<std::unique_ptr<PlugWatch>> open();
    ~PlugWatch();
    PlugWatch(const PlugWatch&) = delete;
    PlugWatch& operator=(const PlugWatch&) = delete;

    /// Readable when there is news.
    [[nodiscard]] int fd() const noexcept;
    /// Waits for news, and takes it. Errors of waitUntilAnyIsReady()
    Result<void> wait(const Deadline& deadline, const system::WakeUp& interrupt);
    /// Takes the news there is, without waiting. False if there was none.
    bool take();

private:
    struct Impl;
    explicit PlugWatch(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace enroll::transport

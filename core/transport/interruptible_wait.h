#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/transport/descriptor.h"

namespace enroll::transport {

/// A flag that another thread raises and that poll() sees.
class Interrupt {
public:
    /// Error S-321 if the process has no descriptor left.
    static Result<Interrupt> create();

    void raise() const noexcept; ///< any thread; never blocks
    void clear() const noexcept;
    [[nodiscard]] int fd() const noexcept { return m_event.fd(); }

private:
    explicit Interrupt(Descriptor event) noexcept : m_event(std::move(event)) {}
    Descriptor m_event;
};

/// Waits until \p fd is ready for \p events (POLLIN, POLLOUT) or is broken, which the next call on it will show.
/// Errors D-102 at the deadline, D-141 if interrupted.
Result<void> waitUntilReady(int fd, short events, const Deadline& deadline, const Interrupt& interrupt);

} // namespace enroll::transport

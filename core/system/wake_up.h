#pragma once

#include "core/base/result.h"
#include "core/system/descriptor.h"

namespace enroll::system {

/// A flag that one thread raises to end another thread's poll(): an eventfd(2).
///
/// From raise() until clear(), fd() is readable (POLLIN). Raising it twice is the same as once.
class WakeUp {
public:
    /// Error S-321 if the process has no descriptor left.
    static Result<WakeUp> create();

    void raise() const noexcept; ///< any thread; never blocks
    void clear() const noexcept; ///< never blocks
    [[nodiscard]] int fd() const noexcept { return m_event.fd(); }

private:
    explicit WakeUp(Descriptor event) noexcept : m_event(std::move(event)) {}

    Descriptor m_event;
};

} // namespace enroll::system

#pragma once

#include "core/base/result.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace enroll::system {

/// A thread that writes a value whenever it changed, so that whoever changes it waits for no disk. Changes while it writes
/// are written together afterwards; it sleeps while there are none.
///
/// The value stays its owner's, under a lock of the owner's: change it, let go or not, and call changed(). Any thread but
/// the writer's own.
class LatestWriter {
public:
    /// Writes the value as it is now. Called on the thread of this object, without a lock of it. What it throws counts as
    /// S-399.
    using Write = std::function<Result<void>()>;

    /// \p thread names the thread in the log. A write that failed is tried again with the next change and, if there is a
    /// \p beforeNextTry, after that long.
    LatestWriter(const char* thread, Write write, std::optional<std::chrono::milliseconds> beforeNextTry = {});
    /// Waits until the latest change was tried; with a time before the next try, one that failed until then is tried once
    /// more.
    ~LatestWriter();
    LatestWriter(const LatestWriter&) = delete;
    LatestWriter& operator=(const LatestWriter&) = delete;

    /// The value was changed. Does not wait. Returns the number of the change.
    std::uint64_t changed();
    /// Waits until a write was tried that had change \p number with it; says what became of the latest one.
    [[nodiscard]] Result<void> waitFor(std::uint64_t number);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace enroll::system

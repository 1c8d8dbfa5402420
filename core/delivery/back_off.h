#pragma once

#include <chrono>
#include <functional>
#include <optional>

namespace enroll::delivery {

/// How long to stay away after failures in a row.
struct BackOff {
    std::chrono::milliseconds base{1000};
    std::chrono::milliseconds most{60000};
    double jitter = 0.25; ///< 0..1: the part of the wait that chance adds at most
};

/// The wait after \p failures (1, 2, 3 …) in a row: base doubled each time, cut at most, and up to `jitter` of it added
/// by \p chance (0..1), so that stations which failed together do not come back together. If the server named a time,
/// that time is the least, jitter on top. Pure.
std::chrono::milliseconds waitAfter(int failures, std::optional<std::chrono::seconds> retryAfter,
                                    const BackOff& backOff, double chance) noexcept;

/// A number in 0..1, from the kernel's entropy.
double chance();

} // namespace enroll::delivery

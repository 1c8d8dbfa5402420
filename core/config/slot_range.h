#pragma once

namespace enroll::config {

/// The highest slot number; the lowest is 1.
inline constexpr int kMostSlots = 32;

} // namespace enroll::config

#pragma once

namespace enroll::config {

/// Slots are numbered from 1 to this.
inline constexpr int kMostSlots = 16;

} // namespace enroll::config

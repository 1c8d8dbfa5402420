#pragma once

#include "core/base/clock.h"

#include <optional>

namespace enroll::enrollment {

/// No clock is right that shows an earlier time: this version did not exist yet. A station that lost its clock's battery
/// shows 1970 or 2000. Moved on with each release.
inline constexpr UtcTime kVersionWritten = std::chrono::sys_days{std::chrono::year{2026} / std::chrono::November / 1};

/// Nor one that shows a later time than that after kVersionWritten: no station runs a program for so long. It is all that
/// can be known of a fast clock, and keeps a run of 2099 out of the journal, where it would stop every later one.
inline constexpr std::chrono::years kMostAhead{10};

/// A time server may set a clock back so far without anybody's fault.
inline constexpr std::chrono::minutes kMostSetBack{5};

/// Whether \p now can be the time: not before this version was written, not kMostAhead after it, and not before the latest
/// run in the journal.
///
/// With a wrong clock every judgement of a certificate's dates is wrong, each token for the cloud is refused, and the
/// attestation log lies about when a device was tested. A clock that is somewhat fast cannot be told from a right one.
/// \param latestRun  when the latest run in the journal began; none if there is no run, or no journal
/// \par Errors   S-341 with both times. Pure.
Result<void> requirePlausibleClock(UtcTime now, const std::optional<UtcTime>& latestRun);

} // namespace enroll::enrollment

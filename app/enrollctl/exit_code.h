#pragma once

#include "core/base/error_code.h"
#include "core/base/outcome.h"

namespace enroll::app::enrollctl {

/// What a script learns from `enrollctl` without reading a word. Stable.
enum class ExitCode : int {
    Done = 0,           ///< and, where a device was judged, PASS
    Usage = 2,          ///< wrong usage, input or configuration; nothing was opened
    Fail = 10,          ///< the device failed
    Hold = 11,          ///< the device is on hold
    StationFault = 12,  ///< the device was not judged, or the service cannot be reached
    Refused = 13,       ///< some records were rejected or are left unsent; a registration was refused
    IntegrityLost = 14, ///< the journal is not what was written
    Interrupted = 130,  ///< stopped by a signal or with the run
};

/// For a run that has an outcome.
ExitCode exitCodeOf(Outcome outcome) noexcept;

/// For a command that ended with an error. Device codes follow their verdict in the catalog; what the service says of
/// one record or device is Refused; what keeps the station from asking at all is StationFault.
ExitCode exitCodeOf(ErrorCode code) noexcept;

} // namespace enroll::app::enrollctl

#pragma once

#include "core/base/error_code.h"
#include "core/enrollment/attestation_run.h"

namespace enroll::app::enrollctl {

/// The exit codes of `enrollctl`. Scripts depend on them: they never change.
enum class ExitCode : int {
    Done = 0,          ///< done; if a device was tested: PASS
    Usage = 2,         ///< wrong usage, input or configuration; nothing was opened
    Fail = 10,         ///< the device failed, or weak keys were found
    Hold = 11,         ///< the device is on hold
    StationFault = 12, ///< the device was not judged, or the service cannot be reached
    Refused = 13,      ///< some records were rejected, are left unsent or could not be read; a registration was refused
    IntegrityLost = 14, ///< the journal was altered or lost
    Interrupted = 130,  ///< stopped by a signal or with the run
};

/// The exit code for the outcome of a run.
ExitCode exitCodeOf(Outcome outcome) noexcept;

/// The exit code for a run: that of its outcome, but of its code where that says more. An altered journal is
/// IntegrityLost, a device that was taken out StationFault: nobody interrupted the program.
ExitCode exitCodeOf(const enrollment::AttestationRun& run) noexcept;

/// The exit code for a command that ended with an error. A device code gives the exit code of its verdict in the
/// catalog. A refusal of one record or device by the service is Refused; a service that is busy, broken or out of reach
/// is StationFault.
ExitCode exitCodeOf(ErrorCode code) noexcept;

} // namespace enroll::app::enrollctl

#pragma once

namespace enroll::system {

/// Makes a write that fails an error of that write, never the end of the process: a reader that went away (SIGPIPE) is
/// EPIPE, a file past the size limit (SIGXFSZ) is EFBIG. For the whole process; first thing in main().
/// \par Source   POSIX, write(), "ERRORS"
void ignoreSignalsOfWrites() noexcept;

/// Undoes it, for a process about to become another program. Async-signal-safe.
void restoreSignalsOfWrites() noexcept;

} // namespace enroll::system

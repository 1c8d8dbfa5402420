#pragma once

namespace enroll::system {

/// Ignores SIGPIPE and SIGXFSZ in the whole process, whose default action ends it. A write then fails with EPIPE (the
/// reader is gone) or EFBIG (the file would pass the size limit), and the caller handles it. First thing in main().
/// \par Source   POSIX, write(), "ERRORS"
void ignoreSignalsOfWrites() noexcept;

/// Gives both signals their default action again, for a child about to exec(). Async-signal-safe.
void restoreSignalsOfWrites() noexcept;

} // namespace enroll::system

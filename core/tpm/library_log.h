#pragma once

namespace enroll::tpm {

/// Silences tpm2-tss, which logs every refusal of the TPM to standard error, even expected ones such as a free handle.
/// A TSS2_LOG that is set already is kept.
///
/// Once, in main(), before other threads start: the library is told by the environment alone, and setenv() must not
/// race with them.
/// \par Source   tpm2-tss, doc/logging.md
void silenceLibraryLog() noexcept;

} // namespace enroll::tpm

#pragma once

#include "core/enrollment/attestation_run.h"
#include "core/enrollment/ek_index.h"

namespace enroll::enrollment {

/// Outcome of a commit. Unless it says Conflict, everything given is on disk.
struct CommitResult {
    enum class Kind { Committed, Retest, Conflict };
    Kind kind = Kind::Committed;
    DuplicateCheck conflict; ///< meaningful for Conflict: which record stands in the way
};

/// The station's durable memory.
class Journal {
public:
    virtual ~Journal() = default;

    /// Writes the run and, if given, its new record, one outbox entry for each destination, and the hash-chain entries,
    /// in one transaction; returns after the data is on disk (WAL, synchronous FULL).
    ///
    /// With a record, the duplicate check runs again inside the transaction: on Conflict nothing is stored and the
    /// caller commits the run again as a hold, without a record; on Retest the run is stored and the record that exists
    /// is kept.
    ///
    /// \par Errors   S-301 (cannot save: nothing is stored), S-302 (another writer holds the journal past its deadline)
    virtual Result<CommitResult> commit(const AttestationRun& run, const std::optional<EnrollmentRecord>& record) = 0;

protected:
    Journal() = default;
    Journal(const Journal&) = default;
    Journal& operator=(const Journal&) = default;
};

/// The error of a journal as a run may carry it: codes of other rooms cannot come from a journal, and whatever does
/// means that nothing was saved, S-301. Pure.
Error journalFault(Error error);

} // namespace enroll::enrollment

#pragma once

#include "core/enrollment/attestation_run.h"
#include "core/enrollment/ek_index.h"

namespace enroll::enrollment {

/// Outcome of a commit. Committed and Retest: the run is on disk. Conflict: nothing is.
struct CommitResult {
    enum class Kind { Committed, Retest, Conflict };
    Kind kind = Kind::Committed;
    DuplicateCheck conflict; ///< for Conflict: the record with the same key or serial number
};

/// Port: the station's durable memory. One object per thread.
class Journal {
public:
    virtual ~Journal() = default;

    /// Writes the run and, if given, its new record, one outbox entry for each destination, and the hash-chain entries,
    /// in one transaction; returns after the data is on disk (WAL, synchronous FULL).
    ///
    /// With a record, the duplicate check runs again inside the transaction, because another slot may have enrolled the
    /// same key since. On Conflict the caller changes the run's verdict and commits it again without a record. On
    /// Retest the run is stored, and the existing record is kept instead of the new one.
    ///
    /// \par Errors   S-301 (cannot save: nothing is stored), S-302 (another writer holds the journal past its deadline)
    virtual Result<CommitResult> commit(const AttestationRun& run, const std::optional<EnrollmentRecord>& record) = 0;

    /// What commit() queues a new record for. The run document says the same, so this is where it comes from.
    [[nodiscard]] virtual std::vector<DestinationName> destinations() const = 0;

    /// When the latest run in the journal began, by the clock of its day; none if there is no run. Errors as commit().
    virtual Result<std::optional<UtcTime>> latestRunStart() = 0;

protected:
    Journal() = default;
    Journal(const Journal&) = default;
    Journal& operator=(const Journal&) = default;
};

/// The error of a journal as it goes into a run. A code whose verdict is not "station fault" becomes S-301, "not
/// saved": an error of the journal must never judge the device. Pure.
Error journalFault(Error error);

} // namespace enroll::enrollment

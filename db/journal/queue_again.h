#pragma once

#include "core/enrollment/enrollment_record.h"
#include "db/journal/journal_options.h"

#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace enroll::db::journal {

/// A rejected record that waits for its destination once more.
struct QueuedAgain {
    enrollment::DestinationName destination;
    enrollment::RegistrationId registrationId;
    bool operator==(const QueuedAgain&) const = default;
};

/// A record that no destination asked for has rejected.
struct NotRejected {
    enrollment::RegistrationId registrationId;         ///< as it was asked for
    std::optional<enrollment::RecordState> state = {}; ///< the least advanced one there; nothing if there is no record
    bool operator==(const NotRejected&) const = default;
};

using RetryOutcome = std::variant<std::vector<QueuedAgain>, std::vector<NotRejected>>;

/// Queues the records \p ids again at each of \p destinations that rejected them: all of them or, if one was rejected by
/// none, nothing. A record asked for twice is queued once.
///
/// One transaction. What an entry went through stays in the journal: a delivery event "queued" follows the one that closed
/// the entry, and the next upload sends it like a new one. May run while another program sends. Errors as
/// SqliteJournal::open().
Result<RetryOutcome> queueAgain(const JournalOptions& options,
                                std::span<const enrollment::DestinationName> destinations,
                                std::span<const enrollment::RegistrationId> ids);

/// The same for everything that \p destinations rejected; may be nothing.
Result<std::vector<QueuedAgain>> queueRejectedAgain(const JournalOptions& options,
                                                    std::span<const enrollment::DestinationName> destinations);

} // namespace enroll::db::journal

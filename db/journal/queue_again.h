#pragma once

#include "core/station/act.h"
#include "db/journal/journal_options.h"
#include "db/journal/rejected_entries.h"

namespace enroll::db::journal {

/// A rejected record that waits for its destination once more.
using QueuedAgain = RecordAt;

using RetryOutcome = std::variant<std::vector<QueuedAgain>, std::vector<NotRejected>>;

/// Queues the records \p ids again at each of \p destinations that rejected them, also where they were set aside since, and
/// where they were never queued because they are set aside elsewhere (SqliteOutbox::enqueueMissing): all of them or, if one
/// is so at none, nothing. A record asked for twice is queued once.
///
/// One transaction. What an entry went through stays in the journal: a delivery event "queued" follows the one that closed
/// the entry, and the next upload sends it like a new one. May run while another program sends. Errors as
/// SqliteJournal::open().
/// \param act   who asks for it: appended with the number of records, if any was queued
Result<RetryOutcome> queueAgain(const JournalOptions& options,
                                std::span<const enrollment::DestinationName> destinations,
                                std::span<const enrollment::RegistrationId> ids,
                                const std::optional<station::Act>& act = {});

/// queueAgain() for every record that \p destinations rejected and nobody set aside; there may be none.
Result<std::vector<QueuedAgain>> queueRejectedAgain(const JournalOptions& options,
                                                    std::span<const enrollment::DestinationName> destinations,
                                                    const std::optional<station::Act>& act = {});

} // namespace enroll::db::journal

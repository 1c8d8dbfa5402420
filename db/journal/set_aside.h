#pragma once

#include "db/journal/journal_options.h"
#include "db/journal/rejected_entries.h"

#include <string>

namespace enroll::db::journal {

using SetAsideOutcome = std::variant<std::vector<RecordAt>, std::vector<NotRejected>>;

/// Sets the records \p ids aside at each of \p destinations that rejected them, because \p by decided so for \p reason, both
/// not empty: all of them or, if one is rejected at none, nothing. They are not sent, and do not count as undecided any
/// more; queueAgain() takes it back.
///
/// One transaction. What an entry went through stays in the journal: a delivery event "set-aside" with name and reason
/// follows the one that closed the entry. A program older than this one does not understand it, and goes on counting the
/// record as rejected. Errors as SqliteJournal::open().
Result<SetAsideOutcome> setAside(const JournalOptions& options,
                                 std::span<const enrollment::DestinationName> destinations,
                                 std::span<const enrollment::RegistrationId> ids, const std::string& by,
                                 const std::string& reason);

} // namespace enroll::db::journal

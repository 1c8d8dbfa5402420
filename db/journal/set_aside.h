#pragma once

#include "core/delivery/outbox.h"
#include "core/station/act.h"
#include "db/journal/journal_options.h"
#include "db/journal/rejected_entries.h"

#include <string>

namespace enroll::db::journal {

/// A person's decision, both not empty.
struct Decision {
    std::string by;
    std::string reason;
};

/// An open outbox entry, and what its destination says of it now.
struct OpenAnswer {
    std::int64_t seq;
    /// Accepted or rejected; nothing if the record cannot be there: it was never sent, or the destination knows no such.
    std::optional<delivery::OutboxClosing> word;
};

struct SetAside {
    std::vector<RecordAt> records;   ///< these were set aside
    std::vector<RecordAt> delivered; ///< these are accepted now: their destination holds them
    bool operator==(const SetAside&) const = default;
};

using SetAsideOutcome = std::variant<SetAside, std::vector<NotRejected>>;

/// Sets the records \p ids aside at each of \p destinations that rejected them, and where they are open and \p open has their
/// entry: all of them or, if one is so at none, nothing. They are not sent, and do not count as undecided any more;
/// queueAgain() takes it back. What \p open says is noted first: a record that its destination accepted is not set aside.
///
/// Whoever gives \p open has the claims of these outboxes (delivery::Outbox::claim) since before it asked: somebody who sends
/// would send what was set aside.
///
/// One transaction. What an entry went through stays in the journal: a delivery event "set-aside" with name and reason
/// follows the others. A program older than this one does not understand it, and goes on counting the record as rejected.
/// Errors as SqliteJournal::open().
/// \param act   by whose account that is done: appended with the decision and the number of records, if any was set aside
Result<SetAsideOutcome> setAside(const JournalOptions& options,
                                 std::span<const enrollment::DestinationName> destinations,
                                 std::span<const enrollment::RegistrationId> ids, const Decision& decision,
                                 std::span<const OpenAnswer> open = {}, const std::optional<station::Act>& act = {});

} // namespace enroll::db::journal

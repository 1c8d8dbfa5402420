#pragma once

#include "core/enrollment/enrollment_record.h"
#include "db/sqlite/connection.h"

#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace enroll::db::journal {

/// A record at one destination.
struct RecordAt {
    enrollment::DestinationName destination;
    enrollment::RegistrationId registrationId;
    bool operator==(const RecordAt&) const = default;
};

/// A record that is at none of the destinations asked for as it was asked for.
struct NotRejected {
    enrollment::RegistrationId registrationId;         ///< as it was asked for
    std::optional<enrollment::RecordState> state = {}; ///< there, together(); nothing if there is no record
    bool operator==(const NotRejected&) const = default;
};

/// The outbox entry of a record that its destination rejected, or that is asked for by its number.
struct RejectedEntry {
    std::int64_t seq; ///< 0: there is none, because the record is set aside at another destination
    RecordAt record;
    std::int64_t recordSeq;
};

/// What counts beside rejected entries.
struct CountedToo {
    bool setAside = false;                   ///< what was set aside, there or, if it was never queued there, elsewhere
    std::span<const std::int64_t> open = {}; ///< these outbox entries, if they are open
};

using RejectedOrNot = std::variant<std::vector<RejectedEntry>, std::vector<NotRejected>>;

// Inside a transaction. Errors S-303, as sqlite::Connection.

/// The entries of the records \p ids at each of \p destinations that rejected them, each once; where none of them rejected a
/// record, these records alone. What \p also says counts as rejected too.
Result<RejectedOrNot> rejectedEntriesOf(sqlite::Connection& database,
                                        std::span<const enrollment::DestinationName> destinations,
                                        std::span<const enrollment::RegistrationId> ids, const CountedToo& also);

/// Everything that \p destination rejected and nobody set aside.
Result<std::vector<RejectedEntry>> rejectedEntries(sqlite::Connection& database,
                                                   const enrollment::DestinationName& destination);

} // namespace enroll::db::journal

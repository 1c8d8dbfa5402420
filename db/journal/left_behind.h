#pragma once

#include "core/base/result.h"
#include "core/enrollment/ids.h"

#include <filesystem>
#include <span>
#include <vector>

namespace enroll::db::journal {

/// What is undecided at a destination to which nobody sends.
struct LeftBehind {
    enrollment::DestinationName destination;
    int queued = 0;
    int sent = 0;
    int rejected = 0; ///< and not set aside
    bool operator==(const LeftBehind&) const = default;
};

/// The destinations beside \p configured at which something is undecided, by name: they were renamed or taken out of the
/// configuration. The one-off destination is none of them: its state counts for no record that has another.
/// \par Errors   as openForReading(); S-303
Result<std::vector<LeftBehind>> leftBehind(const std::filesystem::path& dataDirectory,
                                           std::span<const enrollment::DestinationName> configured);

/// Every destination for which the journal ever queued a record, by name. Errors as openForReading().
Result<std::vector<enrollment::DestinationName>> destinationsInJournal(const std::filesystem::path& dataDirectory);

} // namespace enroll::db::journal

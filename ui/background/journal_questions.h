#pragma once

#include "db/review/journal_reader.h"
#include "ui/model/journal_view.h"

#include <stop_token>

namespace enroll::ui {

/// Reads today's counters, the number of records that wait for the cloud, and the states of the records of the runs
/// \p onShow. Reader's thread. Errors as the queries of db/review; S-302 once \p stop is requested.
Result<JournalView> journalView(db::review::JournalReader& journal, const std::vector<enrollment::RunId>& onShow,
                                const std::stop_token& stop);

} // namespace enroll::ui

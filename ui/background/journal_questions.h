#pragma once

#include "db/review/journal_reader.h"
#include "ui/model/journal_view.h"

#include <stop_token>

namespace enroll::ui {

/// Today's counters, what waits for the cloud, and how far the records of the runs \p onShow have come. Errors as the
/// queries of db/review; S-302 once \p stop is asked.
Result<JournalView> journalView(db::review::JournalReader& journal, const std::vector<enrollment::RunId>& onShow,
                                const std::stop_token& stop);

} // namespace enroll::ui

#pragma once

#include "core/station/kept_test.h"
#include "db/review/journal_reader.h"
#include "ui/model/journal_view.h"

#include <stop_token>

namespace enroll::ui {

/// Reads the counters of a shift that began at \p since, or of today, the number of records that wait for the cloud, and the states of the records of the runs
/// \p onShow. Reader's thread. Errors as the queries of db/review; S-302 once \p stop is requested.
Result<JournalView> journalView(db::review::JournalReader& journal, const std::vector<enrollment::RunId>& onShow,
                                const std::stop_token& stop, std::optional<UtcTime> since = {});

/// Searches the run that came of each of \p tests, which slots showed before the program started; none where the journal
/// holds none, or one that was altered. Reader's thread. Errors as journalView(), but no S-303.
Result<std::map<enrollment::SlotNumber, std::optional<enrollment::AttestationRun>>>
runsOf(db::review::JournalReader& journal, const station::KeptTests& tests, const std::stop_token& stop);

} // namespace enroll::ui

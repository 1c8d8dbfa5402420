#pragma once

#include "app/enrollctl/context.h"
#include "db/journal/verify_journal.h"

namespace enroll::app::enrollctl {

/// Tells once a second how far the verification of the journal is, on standard error.
db::journal::VerifyProgress verifyProgress(Output& output);

/// Verifies the station's whole journal, before a command acts on what it holds. Error S-303 if it was altered; else as
/// db::journal::verifyJournal().
Result<void> requireUnalteredJournal(const config::StationConfig& station, Context& context);

} // namespace enroll::app::enrollctl

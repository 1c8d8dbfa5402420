#pragma once

#include "app/enrollctl/output.h"
#include "db/review/run_query.h"

namespace enroll::app::enrollctl {

/// A page of the attestation log as text in columns, with the command for the next page.
std::string runListText(const db::review::RunPage& page, const Output& output);

} // namespace enroll::app::enrollctl

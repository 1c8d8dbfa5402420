#pragma once

#include "app/enrollctl/output.h"
#include "db/review/run_query.h"

namespace enroll::app::enrollctl {

/// A page of the log as lines of columns, and how to get the next page.
std::string runListText(const db::review::RunPage& page, const Output& output);

} // namespace enroll::app::enrollctl

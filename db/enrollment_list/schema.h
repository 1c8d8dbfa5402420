#pragma once

#include "db/sqlite/connection.h"

namespace enroll::db::enrollment_list {

/// Makes the tables of a new file, in one transaction; several processes may do so at the same time.
/// Errors S-301 (also: made by a later version of this program), S-302.
Result<void> requireSchema(sqlite::Connection& connection);

} // namespace enroll::db::enrollment_list

#pragma once

#include "core/enrollment/ids.h"

#include <string>

namespace enroll::db::documents {

/// An enrollment record that this program does not understand in full, or not at all, although its bytes are those that
/// were committed: as a rule a newer program wrote it. It is kept and found like any other but neither sent nor exported:
/// it would arrive as less than was committed.
struct RecordNotUnderstood {
    enrollment::RegistrationId registrationId; ///< empty if this program cannot read it
    std::string what;                          ///< why not: "schema is version 2": English, one clause
    std::string schema;                        ///< "enrollment-station/enrollment-record/2"; empty if there is none
    bool operator==(const RecordNotUnderstood&) const = default;
};

} // namespace enroll::db::documents

#pragma once

#include "core/enrollment/ids.h"

#include <string>

namespace enroll::db::documents {

/// An enrollment record that a newer program wrote and this one does not understand in full. It is kept and found like
/// any other but neither sent nor exported: it would arrive as less than was committed.
struct NewerRecord {
    enrollment::RegistrationId registrationId; ///< empty if this program cannot read it
    std::string what;                          ///< "schema is version 2": English, one clause
    bool operator==(const NewerRecord&) const = default;
};

} // namespace enroll::db::documents

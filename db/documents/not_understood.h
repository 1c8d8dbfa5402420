#pragma once

#include <string>
#include <vector>

namespace enroll::db::documents {

/// What of a document this program does not understand, because a newer program wrote it. Such a document is as good as
/// any other: it is kept as it stands, shown, and passed on unchanged.
struct NotUnderstood {
    std::vector<std::string>
        places; ///< "steps[3].outcome is 'parked'", "schema is version 2": English, one clause each

    [[nodiscard]] bool empty() const noexcept { return places.empty(); }
    bool operator==(const NotUnderstood&) const = default;
};

} // namespace enroll::db::documents

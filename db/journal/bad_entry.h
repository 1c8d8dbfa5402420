#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace enroll::db::sqlite {
class Connection;
}

namespace enroll::db::journal {

/// The first place where a journal differs from what was committed.
struct BadEntry {
    std::int64_t seq = 0; ///< 0: the journal as a whole
    std::string kind;     ///< "run", "enrollment-record", "outbox-entry", "delivery-event", "journal", "database"
    std::string id;       ///< run id or registration id if it can still be read; may be empty
    std::string reason;   ///< English, one clause
    bool operator==(const BadEntry&) const = default;
};

/// Error S-303 that names the file and says what is wrong with it.
Error journalAltered(const std::filesystem::path& file, const std::string& what);
Error journalAltered(const sqlite::Connection& database, const std::string& what);
/// Error S-303 that names the file and the entry, and says what is wrong with the entry.
Error journalAltered(const std::filesystem::path& file, const BadEntry& bad);
Error journalAltered(const sqlite::Connection& database, const BadEntry& bad);

} // namespace enroll::db::journal

#pragma once

#include "core/audit/chain.h"
#include "core/base/clock.h"
#include "db/sqlite/connection.h"

#include <optional>

namespace enroll::db::journal {

// What a chain entry's body is.
inline constexpr std::string_view kJournalKind = "journal";
inline constexpr std::string_view kRunKind = "run";
inline constexpr std::string_view kRecordKind = "enrollment-record";
inline constexpr std::string_view kOutboxKind = "outbox-entry";
inline constexpr std::string_view kDeliveryKind = "delivery-event";
inline constexpr std::string_view kClockAcceptanceKind = "clock-acceptance";
inline constexpr std::string_view kActKind = "act";

/// Appends documents to the journal's hash chain, each with its search row.
///
/// Make and use it inside one Write transaction, whose commit makes the entries durable. It keeps the end of
/// the chain in memory, so use one at a time. Errors as sqlite::Connection.
class ChainStore {
public:
    /// Error S-303, too, as provenHead().
    static Result<ChainStore> load(sqlite::Connection& database);

    /// Appends one entry and returns its seq. \p body is stored and hashed byte for byte.
    Result<std::int64_t> append(std::string_view kind, UtcTime at, const QByteArray& body);

private:
    ChainStore(sqlite::Connection& database, audit::ChainHead head) : m_database(&database), m_head(std::move(head)) {}

    sqlite::Connection* m_database;
    audit::ChainHead m_head;
};

/// The end of the chain as the journal has stored it.
Result<audit::ChainHead> storedHead(sqlite::Connection& database);
/// The stored end of the chain, proven: error S-303 unless it is the journal's last entry and the hashes of that entry and
/// of the one before it hold.
Result<audit::ChainHead> provenHead(sqlite::Connection& database);

} // namespace enroll::db::journal

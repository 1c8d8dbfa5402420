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

/// Appends documents to the journal's chain, each with the search row that belongs to it.
///
/// Made and used inside one Write transaction, which alone makes its entries durable. Errors as sqlite::Connection.
class ChainStore {
public:
    static Result<ChainStore> load(sqlite::Connection& database);

    /// The seq of the new entry.
    Result<std::int64_t> append(std::string_view kind, UtcTime at, const QByteArray& body);

private:
    ChainStore(sqlite::Connection& database, audit::ChainHead head) : m_database(&database), m_head(std::move(head)) {}

    sqlite::Connection* m_database;
    audit::ChainHead m_head;
};

/// Where the journal says its chain ends.
Result<audit::ChainHead> storedHead(sqlite::Connection& database);

} // namespace enroll::db::journal

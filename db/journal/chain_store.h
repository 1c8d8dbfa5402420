#pragma once

#include "core/audit/chain.h"
#include "core/base/clock.h"
#include "db/journal/journal_database.h"

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
/// Made and used inside one Write transaction, which alone makes its entries durable. Errors as JournalDatabase.
class ChainStore {
public:
    static Result<ChainStore> load(JournalDatabase& database);

    /// The seq of the new entry.
    Result<std::int64_t> append(std::string_view kind, UtcTime at, const QByteArray& body);

private:
    ChainStore(JournalDatabase& database, audit::ChainHead head) : m_database(&database), m_head(std::move(head)) {}

    JournalDatabase* m_database;
    audit::ChainHead m_head;
};

/// Where the journal says its chain ends.
Result<audit::ChainHead> storedHead(JournalDatabase& database);

} // namespace enroll::db::journal

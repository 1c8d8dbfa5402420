#include "db/journal/stored_entry.h"

#include "core/base/assert.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "db/documents/enrollment_record_document.h"
#include "db/documents/json_text.h"
#include "db/documents/member_reader.h"
#include "db/journal/bad_entry.h"
#include "db/journal/chain_store.h"
#include "db/journal/index_table.h"
#include "db/qt/values.h"

namespace enroll::db::journal {
namespace {

// The last column is the hash that the chain holds for the entry, outside of the entry itself.
constexpr const char* kEntry =
    "SELECT c.kind, c.at, c.body, c.prev_hash, c.entry_hash, coalesce("
    "(SELECT n.prev_hash FROM chain_entry n WHERE n.seq = c.seq + 1),"
    " (SELECT h.hash FROM chain_head h WHERE h.entries = c.seq)) FROM chain_entry c WHERE c.seq = ?";

Bytes bytesOf(const sqlite::Statement& row, int column)
{
    return toBytes(qt::viewOf(row.bytes(column)));
}

Result<enrollment::EnrollmentRecord> readRecord(const StoredEntry& entry, documents::NotUnderstood& notUnderstood)
{
    return entry.document ? documents::recordFromJson(*entry.document, notUnderstood)
                          : Result<enrollment::EnrollmentRecord>{entry.document.error()};
}

} // namespace

std::string schemaOf(const StoredEntry& entry)
{
    if (!entry.document) {
        return {};
    }
    const auto schema = documents::MemberReader{*entry.document}.text("schema");
    return schema.ok() ? *schema : std::string{};
}

Result<audit::ChainEntry> provenEntry(sqlite::Connection& database, std::int64_t seq, std::string_view kind)
{
    TRY_ASSIGN(auto row, database.query(kEntry, {static_cast<qlonglong>(seq)}));
    TRY_ASSIGN(const bool there, row.next());
    if (!there) {
        const std::string expected{kind.empty() ? "journal" : kind};
        return journalAltered(database, BadEntry{seq, expected, {}, "the chain has no such entry"});
    }
    audit::ChainEntry entry{seq, row.text(0), row.text(1), bytesOf(row, 2), bytesOf(row, 3), bytesOf(row, 4)};
    const auto bad = [&](std::string reason) {
        return journalAltered(database,
                              BadEntry{seq, entry.kind, entryId(entry.kind, row.bytes(2)), std::move(reason)});
    };
    TRY_ASSIGN(const auto hash, audit::entryHash(entry));
    if (!equalBytes(entry.hash, hash)) {
        return bad("its hash does not match its bytes");
    }
    if (!equalBytes(bytesOf(row, 5), hash)) {
        return bad("the chain holds another hash for it");
    }
    if (!kind.empty() && entry.kind != kind) {
        return bad("it stands where an entry of the kind " + std::string{kind} + " belongs");
    }
    return entry;
}

Result<StoredEntry> storedEntry(sqlite::Connection& database, std::int64_t seq, std::string_view kind)
{
    const auto* table = indexTableOf(kind);
    ENROLL_ASSERT(table != nullptr, "documents that are acted on have a search table");
    TRY_ASSIGN(const auto entry, provenEntry(database, seq, kind));
    auto document = documents::parseJsonObject(ByteView{entry.body});
    auto row = indexRow(*table, document ? *document : QJsonObject{});
    TRY_ASSIGN(auto stored, prepareRowOf(database, *table));
    TRY(stored.run({static_cast<qlonglong>(seq)}));
    TRY_ASSIGN(const bool hasItsRow, stored.next());
    if (!hasItsRow || !saysTheSame(stored, row)) {
        return journalAltered(database, BadEntry{seq, std::string{kind}, std::move(row.id),
                                                 std::string{hasItsRow ? kRowDiffers : kRowIsMissing}});
    }
    return StoredEntry{std::move(row.id), entry.at, std::move(document)};
}

Result<enrollment::EnrollmentRecord> storedRecord(sqlite::Connection& database, std::int64_t seq)
{
    TRY_ASSIGN(const auto entry, storedEntry(database, seq, kRecordKind));
    documents::NotUnderstood notUnderstood;
    return prefixed(database.fileName() + ": this program cannot read the enrollment record of entry " +
                        std::to_string(seq) +
                        " (if a newer program wrote it, install that; otherwise run enrollctl journal verify): ",
                    recoded(readRecord(entry, notUnderstood), StationCode::JournalNewer));
}

Result<RecordToPassOn> recordToPassOn(sqlite::Connection& database, std::int64_t seq)
{
    TRY_ASSIGN(auto entry, storedEntry(database, seq, kRecordKind));
    documents::NotUnderstood notUnderstood;
    auto record = readRecord(entry, notUnderstood);
    if (record.ok() && notUnderstood.empty()) {
        return RecordToPassOn{std::move(record).value()};
    }
    auto why = notUnderstood.empty() ? std::move(record).error().what : std::move(notUnderstood.places.front());
    auto schema = schemaOf(entry);
    return RecordToPassOn{documents::RecordNotUnderstood{enrollment::RegistrationId{std::move(entry.id)},
                                                         std::move(why), std::move(schema)}};
}

} // namespace enroll::db::journal

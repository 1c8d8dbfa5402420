#include "db/journal/index_table.h"

#include "core/attestation/key_fingerprint.h"
#include "core/base/station_code.h"
#include "db/documents/member_reader.h"
#include "db/journal/chain_store.h"
#include "db/qt/values.h"

#include <algorithm>
#include <array>

namespace enroll::db::journal {
namespace {

using qt::toQString;

using documents::MemberReader;

QVariant integerValue(std::int64_t value)
{
    return QVariant::fromValue(static_cast<qlonglong>(value));
}

template <class Value, class Convert>
ColumnValue known(const Result<Value>& member, Convert convert)
{
    return member ? ColumnValue{convert(*member)} : std::nullopt;
}

ColumnValue textOf(const MemberReader& document, const char* member)
{
    return known(document.text(member), toQString);
}

ColumnValue textOrNullOf(const MemberReader& document, const char* member)
{
    return known(document.textIfAny(member), [](const auto& text) { return text ? toQString(*text) : QVariant{}; });
}

ColumnValue integerOf(const MemberReader& document, const char* member)
{
    return known(document.integer(member), integerValue);
}

ColumnValue timeOf(const MemberReader& document, const char* member)
{
    return known(document.time(member), [](UtcTime time) { return integerValue(time.time_since_epoch().count()); });
}

/// The key fingerprint of the endorsement key, which the document does not contain itself: a record must be found by
/// its key, whatever the rest of the public area is.
ColumnValue fingerprintOf(const MemberReader& document, const char* member)
{
    const auto key = document.base64(member);
    return key ? known(attestation::keyFingerprint(*key),
                       [](const Bytes& print) { return qt::toQByteArray(ByteView{print}); })
               : std::nullopt;
}

bool sameValue(const QVariant& stored, const QVariant& expected)
{
    if (stored.isNull() || expected.isNull()) {
        return stored.isNull() && expected.isNull();
    }
    return stored.typeId() == expected.typeId() && stored == expected;
}

constexpr std::array kRunColumns{
    IndexColumn{"runId", textOf},         IndexColumn{"startedAt", timeOf},
    IndexColumn{"durationMs", integerOf}, IndexColumn{"slot", integerOf},
    IndexColumn{"serialNumber", textOf},  IndexColumn{"batch", textOf},
    IndexColumn{"operator", textOf},      IndexColumn{"outcome", textOf},
    IndexColumn{"code", textOrNullOf},    IndexColumn{"registrationId", textOrNullOf},
};
constexpr std::array kRecordColumns{
    IndexColumn{"registrationId", textOf},
    IndexColumn{"serialNumber", textOf},
    IndexColumn{"endorsementKey", fingerprintOf},
    IndexColumn{"runId", textOf},
    IndexColumn{"batch", textOf},
    IndexColumn{"createdAt", timeOf},
};
constexpr std::array kOutboxColumns{IndexColumn{"destination", textOf}, IndexColumn{"recordSeq", integerOf}};
constexpr std::array kDeliveryColumns{IndexColumn{"outboxSeq", integerOf}, IndexColumn{"state", textOf}};

constexpr std::array kRunLookups{
    IndexLookup{0, "SELECT 1 FROM run INDEXED BY run_by_id WHERE run_id = ? AND seq = ?"},
    IndexLookup{1, "SELECT 1 FROM run INDEXED BY run_by_start WHERE started_at = ? AND seq = ?"},
    IndexLookup{4, "SELECT 1 FROM run INDEXED BY run_by_serial WHERE serial_number = ? AND seq = ?"},
    IndexLookup{9, "SELECT 1 FROM run INDEXED BY run_by_registration WHERE registration_id = ? AND seq = ?"},
};
constexpr std::array kRecordLookups{
    IndexLookup{
        0, "SELECT 1 FROM enrollment_record INDEXED BY record_by_registration WHERE registration_id = ? AND seq = ?"},
    IndexLookup{1, "SELECT 1 FROM enrollment_record INDEXED BY record_by_serial WHERE serial_number = ? AND seq = ?"},
    IndexLookup{2, "SELECT 1 FROM enrollment_record INDEXED BY record_by_key WHERE key_fingerprint = ? AND seq = ?"},
};
constexpr std::array kOutboxLookups{
    IndexLookup{0, "SELECT 1 FROM outbox_entry e NOT INDEXED CROSS JOIN outbox_entry i INDEXED BY outbox_by_state"
                   " ON i.destination = ? AND i.state = e.state AND i.seq = e.seq WHERE e.seq = ?"},
    IndexLookup{1, "SELECT 1 FROM outbox_entry e NOT INDEXED CROSS JOIN outbox_entry i INDEXED BY outbox_by_record"
                   " ON i.record_seq = ? AND i.destination = e.destination AND i.seq = e.seq WHERE e.seq = ?"},
};
constexpr std::array kDeliveryLookups{
    IndexLookup{0, "SELECT 1 FROM delivery_event INDEXED BY delivery_by_outbox WHERE outbox_seq = ? AND seq = ?"},
};

constexpr std::array kTables{
    IndexTable{kRunKind,
               "INSERT INTO run(seq, run_id, started_at, duration_ms, slot, serial_number, batch, operator, outcome,"
               " code, registration_id) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
               "SELECT run_id, started_at, duration_ms, slot, serial_number, batch, operator, outcome, code,"
               " registration_id, seq FROM run",
               "SELECT count(*) FROM run NOT INDEXED", kRunLookups, "runId", kRunColumns},
    IndexTable{
        kRecordKind,
        "INSERT INTO enrollment_record(seq, registration_id, serial_number, key_fingerprint, run_id, batch,"
        " created_at) VALUES(?, ?, ?, ?, ?, ?, ?)",
        "SELECT registration_id, serial_number, key_fingerprint, run_id, batch, created_at, seq FROM enrollment_record",
        "SELECT count(*) FROM enrollment_record NOT INDEXED", kRecordLookups, "registrationId", kRecordColumns},
    IndexTable{kOutboxKind, "INSERT INTO outbox_entry(seq, destination, record_seq) VALUES(?, ?, ?)",
               "SELECT destination, record_seq, seq FROM outbox_entry", "SELECT count(*) FROM outbox_entry NOT INDEXED",
               kOutboxLookups, "registrationId", kOutboxColumns},
    IndexTable{kDeliveryKind, "INSERT INTO delivery_event(seq, outbox_seq, state) VALUES(?, ?, ?)",
               "SELECT outbox_seq, state, seq FROM delivery_event", "SELECT count(*) FROM delivery_event NOT INDEXED",
               kDeliveryLookups, "registrationId", kDeliveryColumns},
};

} // namespace

std::span<const IndexTable> indexTables() noexcept
{
    return kTables;
}

const IndexTable* indexTableOf(std::string_view kind) noexcept
{
    const auto* table = std::ranges::find(kTables, kind, &IndexTable::kind);
    return table == kTables.end() ? nullptr : table;
}

IndexRow indexRow(const IndexTable& table, const QByteArray& body)
{
    const auto parsed = documents::parseJsonObject(body);
    return indexRow(table, parsed ? *parsed : QJsonObject{});
}

IndexRow indexRow(const IndexTable& table, const QJsonObject& object)
{
    const MemberReader document{object};
    IndexRow row{document.text(table.id).ok() ? document.text(table.id).value() : std::string{}, {}};
    for (const auto& column : table.columns) {
        row.values.push_back(column.valueOf(document, column.member));
    }
    return row;
}

std::string entryId(std::string_view kind, const QByteArray& body)
{
    const auto* table = indexTableOf(kind);
    return table == nullptr ? std::string{} : indexRow(*table, body).id;
}

Result<sqlite::Statement> prepareRowOf(sqlite::Connection& database, const IndexTable& table)
{
    return database.prepare((std::string{table.select} + " WHERE seq = ?").c_str());
}

Result<sqlite::Statement> rowsAfter(sqlite::Connection& database, const IndexTable& table, std::int64_t seq)
{
    return database.query((std::string{table.select} + " NOT INDEXED WHERE seq > ? ORDER BY seq").c_str(),
                          {integerValue(seq)});
}

std::int64_t entryOfRow(const IndexTable& table, const sqlite::Statement& row)
{
    return row.integer(static_cast<int>(table.columns.size()));
}

bool saysTheSame(const sqlite::Statement& stored, const IndexRow& row)
{
    for (std::size_t i = 0; i < row.values.size(); ++i) {
        if (row.values[i] && !sameValue(stored.value(static_cast<int>(i)), *row.values[i])) {
            return false;
        }
    }
    return true;
}

Result<void> insertIndexRow(sqlite::Connection& database, std::string_view kind, std::int64_t seq,
                            const QByteArray& body)
{
    const auto* table = indexTableOf(kind);
    if (table == nullptr) {
        return {};
    }
    QVariantList values{integerValue(seq)};
    for (const auto& value : indexRow(*table, body).values) {
        if (!value) {
            return makeError(StationCode::InternalFault, "the document lacks a member that its search row repeats",
                             "write a search row");
        }
        values.append(*value);
    }
    return database.execute(table->insert, values);
}

} // namespace enroll::db::journal

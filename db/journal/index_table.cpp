#include "db/journal/index_table.h"

#include "core/attestation/key_fingerprint.h"
#include "db/documents/enrollment_record_document.h"
#include "db/documents/member_reader.h"
#include "db/documents/outbox_document.h"
#include "db/documents/run_document.h"
#include "db/journal/chain_store.h"
#include "db/qt/values.h"

#include <algorithm>
#include <array>

namespace enroll::db::journal {
namespace {

using qt::toQString;

QVariant textValue(const std::string& text)
{
    return toQString(text);
}

QVariant integerValue(std::int64_t value)
{
    return QVariant::fromValue(static_cast<qlonglong>(value));
}

QVariant timeValue(UtcTime time)
{
    return integerValue(time.time_since_epoch().count());
}

Result<IndexRow> runRow(const QByteArray& body)
{
    TRY_ASSIGN(const auto run, documents::runFromJson(body));
    return IndexRow{run.runId.text(),
                    {textValue(run.runId.text()), timeValue(run.startedAt), integerValue(run.duration.count()),
                     integerValue(run.slot.value), textValue(run.serialNumber.text()), textValue(run.batch.text()),
                     textValue(run.operatorId.text()), toQString(outcomeText(run.outcome)),
                     run.code ? QVariant{toQString(describe(*run.code).text)} : QVariant{},
                     run.registrationId ? textValue(run.registrationId->text()) : QVariant{}}};
}

Result<IndexRow> recordRow(const QByteArray& body)
{
    TRY_ASSIGN(const auto record, documents::recordFromJson(body));
    TRY_ASSIGN(const auto fingerprint, attestation::keyFingerprint(record.endorsementKey));
    return IndexRow{record.registrationId.text(),
                    {textValue(record.registrationId.text()), textValue(record.serialNumber.text()),
                     qt::toQByteArray(fingerprint), textValue(record.runId.text()), textValue(record.batch.text()),
                     timeValue(record.createdAt)}};
}

Result<IndexRow> outboxRow(const QByteArray& body)
{
    TRY_ASSIGN(const auto note, documents::outboxNoteFromJson(body));
    return IndexRow{note.registrationId.text(), {textValue(note.destination.text()), integerValue(note.recordSeq)}};
}

Result<IndexRow> deliveryRow(const QByteArray& body)
{
    TRY_ASSIGN(const auto event, documents::deliveryEventFromJson(body));
    return IndexRow{event.registrationId.text(),
                    {integerValue(event.outboxSeq), toQString(enrollment::recordStateText(event.state))}};
}

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
               " registration_id FROM run WHERE seq = ?",
               "SELECT count(*) FROM run NOT INDEXED", kRunLookups, runRow},
    IndexTable{
        kRecordKind,
        "INSERT INTO enrollment_record(seq, registration_id, serial_number, key_fingerprint, run_id, batch,"
        " created_at) VALUES(?, ?, ?, ?, ?, ?, ?)",
        "SELECT registration_id, serial_number, key_fingerprint, run_id, batch, created_at FROM enrollment_record"
        " WHERE seq = ?",
        "SELECT count(*) FROM enrollment_record NOT INDEXED", kRecordLookups, recordRow},
    IndexTable{kOutboxKind, "INSERT INTO outbox_entry(seq, destination, record_seq) VALUES(?, ?, ?)",
               "SELECT destination, record_seq FROM outbox_entry WHERE seq = ?",
               "SELECT count(*) FROM outbox_entry NOT INDEXED", kOutboxLookups, outboxRow},
    IndexTable{kDeliveryKind, "INSERT INTO delivery_event(seq, outbox_seq, state) VALUES(?, ?, ?)",
               "SELECT outbox_seq, state FROM delivery_event WHERE seq = ?",
               "SELECT count(*) FROM delivery_event NOT INDEXED", kDeliveryLookups, deliveryRow},
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

Result<void> insertIndexRow(sqlite::Connection& database, std::string_view kind, std::int64_t seq,
                            const QByteArray& body)
{
    const auto* table = indexTableOf(kind);
    if (table == nullptr) {
        return {};
    }
    TRY_ASSIGN(auto row, table->rowOf(body));
    row.values.prepend(integerValue(seq));
    return database.execute(table->insert, row.values);
}

} // namespace enroll::db::journal

#include "db/journal/consistency_verifier.h"

#include "core/attestation/key_fingerprint.h"
#include "core/base/word.h"
#include "db/documents/enrollment_record_document.h"
#include "db/documents/journal_birth_document.h"
#include "db/documents/member_reader.h"
#include "db/documents/outbox_document.h"
#include "db/documents/run_document.h"
#include "db/journal/chain_store.h"
#include "db/journal/schema.h"
#include "db/qt/values.h"

#include <algorithm>

namespace enroll::db::journal {
namespace {

using documents::MemberReader;

/// True if this program has a reader for the version of \p document, whose newest is \p written: all of these are judged.
bool canBeJudged(const QJsonObject& document, std::string_view written)
{
    return MemberReader{document}.isOfVersionUpTo(written);
}

/// The key that a run read, as its document has it; an empty text if it read none, or if a newer program wrote the document.
QString keyOfRun(const QByteArray& body)
{
    const auto document = documents::parseJsonObject(body);
    return document && canBeJudged(*document, documents::kRunSchema)
               ? document->value(QLatin1String("endorsementKey")).toObject().value(QLatin1String("public")).toString()
               : QString{};
}

/// True if the record's key is of a kind that this program knows.
bool hasKnownKey(const MemberReader& record)
{
    const auto key = record.base64("endorsementKey");
    return key.ok() && attestation::keyFingerprint(*key).ok();
}

/// True if \p document has a text \p name, and it is not \p expected: what a document does not say contradicts nothing.
bool contradicts(const MemberReader& document, const char* name, const std::string& expected)
{
    const auto said = document.text(name);
    return said.ok() && *said != expected;
}

/// True if the registration id of \p document has other letters than \p expected. A provisioning service ignores their case.
bool contradictsId(const MemberReader& document, const std::string& expected)
{
    const auto said = document.text("registrationId");
    return said.ok() && qt::toQString(*said).compare(qt::toQString(expected), Qt::CaseInsensitive) != 0;
}

} // namespace

Result<ConsistencyVerifier> ConsistencyVerifier::make(sqlite::Connection& database)
{
    TRY_ASSIGN(auto id, journalId(database));
    TRY_ASSIGN(auto run, database.prepare("SELECT r.outcome, r.serial_number, c.body FROM run r"
                                          " JOIN chain_entry c ON c.seq = r.seq WHERE r.run_id = ? AND r.seq < ?"));
    TRY_ASSIGN(auto record,
               database.prepare("SELECT registration_id FROM enrollment_record WHERE seq = ? AND seq < ?"));
    TRY_ASSIGN(auto outbox,
               database.prepare("SELECT o.destination, r.registration_id FROM outbox_entry o JOIN enrollment_record r"
                                " ON r.seq = o.record_seq WHERE o.seq = ? AND o.seq < ?"));
    return ConsistencyVerifier{std::move(id), std::move(run), std::move(record), std::move(outbox)};
}

Result<std::optional<std::string>> ConsistencyVerifier::check(std::int64_t seq, std::string_view kind,
                                                              const QJsonObject& document)
{
    if (kind == kJournalKind && canBeJudged(document, documents::kBirthSchema)) {
        return checkBirth(seq, document);
    }
    if (kind == kRecordKind && canBeJudged(document, documents::kRecordSchema)) {
        return checkRecord(seq, document);
    }
    if (kind == kOutboxKind && canBeJudged(document, documents::kOutboxEntrySchema)) {
        return checkOutboxEntry(seq, document);
    }
    if (kind == kDeliveryKind && canBeJudged(document, documents::kDeliveryEventSchema)) {
        return checkDelivery(seq, document);
    }
    return Answer{};
}

ConsistencyVerifier::Answer ConsistencyVerifier::checkBirth(std::int64_t seq, const QJsonObject& birth) const
{
    if (seq != 1) {
        return "the journal was born with its first entry, and not with this one";
    }
    return contradicts(MemberReader{birth}, "journalId", m_journalId) ? Answer{"it is the birth of another journal"}
                                                                      : Answer{};
}

Result<ConsistencyVerifier::Answer> ConsistencyVerifier::checkRecord(std::int64_t seq, const QJsonObject& record)
{
    const MemberReader reader{record};
    const auto told = reader.text("runId");
    if (!told) {
        return Answer{};
    }
    const auto& runId = *told;
    TRY(m_run.run({qt::toQString(runId), static_cast<qlonglong>(seq)}));
    TRY_ASSIGN(const bool there, m_run.next());
    if (!there) {
        return Answer{"there is no run " + runId + " before it, which it is the record of"};
    }
    const auto outcome = m_run.text(0);
    const bool known = outcomeFromText(outcome).known() != nullptr;
    if (known && outcome != outcomeText(Outcome::Pass)) {
        return Answer{"its run " + runId + " did not pass: '" + outcome + "'"};
    }
    if (contradicts(reader, "serialNumber", m_run.text(1))) {
        return Answer{"its run " + runId + " tested the serial number '" + m_run.text(1) + "'"};
    }
    const auto key = keyOfRun(m_run.bytes(2));
    if (!key.isEmpty() && hasKnownKey(reader) && key != record.value(QLatin1String("endorsementKey")).toString()) {
        return Answer{"its run " + runId + " read another endorsement key"};
    }
    return Answer{};
}

Result<ConsistencyVerifier::Answer> ConsistencyVerifier::checkOutboxEntry(std::int64_t seq, const QJsonObject& note)
{
    const MemberReader reader{note};
    const auto recordSeq = reader.integer("recordSeq");
    if (!recordSeq) {
        return Answer{};
    }
    TRY(m_record.run({static_cast<qlonglong>(*recordSeq), static_cast<qlonglong>(seq)}));
    TRY_ASSIGN(const bool there, m_record.next());
    if (!there) {
        return Answer{"entry " + std::to_string(*recordSeq) + ", which it queues, is no enrollment record before it"};
    }
    return contradictsId(reader, m_record.text(0))
               ? Answer{"it queues the record of " + m_record.text(0) + " under another registration id"}
               : Answer{};
}

Result<ConsistencyVerifier::Answer> ConsistencyVerifier::checkDelivery(std::int64_t seq, const QJsonObject& event)
{
    const MemberReader reader{event};
    const auto outboxSeq = reader.integer("outboxSeq");
    if (!outboxSeq) {
        return Answer{};
    }
    TRY(m_outbox.run({static_cast<qlonglong>(*outboxSeq), static_cast<qlonglong>(seq)}));
    TRY_ASSIGN(const bool there, m_outbox.next());
    const auto entry = "outbox entry " + std::to_string(*outboxSeq);
    if (!there) {
        return Answer{"there is no " + entry + " before it, of which it tells"};
    }
    if (contradicts(reader, "destination", m_outbox.text(0))) {
        return Answer{entry + ", of which it tells, is for '" + m_outbox.text(0) + "'"};
    }
    return contradictsId(reader, m_outbox.text(1)) ? Answer{entry + ", of which it tells, is of " + m_outbox.text(1)}
                                                   : Answer{};
}

} // namespace enroll::db::journal

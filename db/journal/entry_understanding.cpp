#include "db/journal/entry_understanding.h"

#include "db/documents/act_document.h"
#include "db/documents/clock_acceptance_document.h"
#include "db/documents/enrollment_record_document.h"
#include "db/documents/journal_birth_document.h"
#include "db/documents/member_reader.h"
#include "db/documents/outbox_document.h"
#include "db/documents/run_document.h"
#include "db/journal/chain_store.h"

#include <algorithm>
#include <array>

namespace enroll::db::journal {
namespace {

using documents::NotUnderstood;

/// Reads the document only to collect what is not understood; the value is dropped.
template <class Value, Result<Value> (*From)(const QJsonObject&, NotUnderstood&)>
Result<void> tryReading(const QJsonObject& document, NotUnderstood& notUnderstood)
{
    TRY_ASSIGN([[maybe_unused]] const auto value, From(document, notUnderstood));
    return {};
}

struct EntryReader {
    std::string_view kind;
    Result<void> (*read)(const QJsonObject& document, NotUnderstood& notUnderstood);
};

constexpr std::array kReaders{
    EntryReader{kJournalKind, tryReading<documents::JournalBirth, documents::journalBirthFromJson>},
    EntryReader{kRunKind, tryReading<enrollment::AttestationRun, documents::runFromJson>},
    EntryReader{kRecordKind, tryReading<enrollment::EnrollmentRecord, documents::recordFromJson>},
    EntryReader{kOutboxKind, tryReading<documents::OutboxNote, documents::outboxNoteFromJson>},
    EntryReader{kDeliveryKind, tryReading<documents::DeliveryEvent, documents::deliveryEventFromJson>},
    EntryReader{kClockAcceptanceKind, tryReading<documents::ClockAcceptance, documents::clockAcceptanceFromJson>},
    EntryReader{kActKind, tryReading<station::Act, documents::actFromJson>},
};

} // namespace

EntryUnderstanding understandEntry(std::string_view kind, const QByteArray& body)
{
    return understandEntry(kind, documents::parseJsonObject(body));
}

EntryUnderstanding understandEntry(std::string_view kind, const Result<QJsonObject>& document)
{
    EntryUnderstanding understanding{std::string{kind}, {}};
    auto& places = understanding.notUnderstood.places;
    if (!document) {
        places.push_back("its document cannot be read: " + document.error().what);
        return understanding;
    }
    if (const auto schema = documents::MemberReader{*document}.text("schema"); schema.ok()) {
        understanding.schema = *schema;
    }
    const auto* reader = std::ranges::find(kReaders, kind, &EntryReader::kind);
    if (reader == kReaders.end()) {
        places.push_back("entries of kind '" + std::string{kind} + "' are not known");
        return understanding;
    }
    const auto read = reader->read(*document, understanding.notUnderstood);
    if (!read) {
        places.insert(places.begin(), read.error().what);
    }
    return understanding;
}

} // namespace enroll::db::journal

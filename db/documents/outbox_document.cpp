#include "db/documents/outbox_document.h"

#include "db/documents/evidence_document.h"
#include "db/qt/values.h"

namespace enroll::db::documents {

using qt::toQString;
using namespace enrollment;

namespace {

QJsonValue nullIfEmpty(const std::string& text)
{
    return text.empty() ? QJsonValue{QJsonValue::Null} : QJsonValue{toQString(text)};
}

Result<OutboxNote> readNoteVersion1(const MemberReader& reader)
{
    TRY_ASSIGN(auto destination, reader.text("destination"));
    TRY_ASSIGN(const auto recordSeq, reader.integer("recordSeq"));
    TRY_ASSIGN(auto registrationId, reader.text("registrationId"));
    reader.remarkOthers();
    return OutboxNote{DestinationName{std::move(destination)}, recordSeq, RegistrationId{std::move(registrationId)}};
}

Result<DeliveryEvent> readEventVersion1(const MemberReader& reader)
{
    DeliveryEvent event;
    TRY_ASSIGN(event.outboxSeq, reader.integer("outboxSeq"));
    TRY_ASSIGN(auto destination, reader.text("destination"));
    event.destination = DestinationName{std::move(destination)};
    TRY_ASSIGN(auto registrationId, reader.text("registrationId"));
    event.registrationId = RegistrationId{std::move(registrationId)};
    TRY_ASSIGN(event.state, recordStateFrom(reader, "state"));
    TRY_ASSIGN(auto code, reader.textIfAny("code"));
    event.code = std::move(code).value_or("");
    TRY_ASSIGN(auto reason, reader.textIfAny("reason"));
    event.reason = std::move(reason).value_or("");
    TRY_ASSIGN(auto by, reader.textIfAny("by"));
    event.by = std::move(by).value_or("");
    reader.remarkOthers();
    return event;
}

constexpr std::array kNoteReaders{
    VersionReader<OutboxNote>{1, readNoteVersion1},
};
constexpr std::array kEventReaders{
    VersionReader<DeliveryEvent>{1, readEventVersion1},
};

} // namespace

QByteArray canonicalBytes(const OutboxNote& note)
{
    return canonicalJson({{QLatin1String("schema"), toQString(kOutboxEntrySchema)},
                          {QLatin1String("destination"), toQString(note.destination.text())},
                          {QLatin1String("recordSeq"), static_cast<qint64>(note.recordSeq)},
                          {QLatin1String("registrationId"), toQString(note.registrationId.text())}});
}

QByteArray canonicalBytes(const DeliveryEvent& event)
{
    QJsonObject document{{QLatin1String("schema"), toQString(kDeliveryEventSchema)},
                         {QLatin1String("outboxSeq"), static_cast<qint64>(event.outboxSeq)},
                         {QLatin1String("destination"), toQString(event.destination.text())},
                         {QLatin1String("registrationId"), toQString(event.registrationId.text())},
                         {QLatin1String("state"), toQString(recordStateText(event.state))},
                         {QLatin1String("code"), nullIfEmpty(event.code)},
                         {QLatin1String("reason"), nullIfEmpty(event.reason)}};
    if (!event.by.empty()) {
        document.insert(QLatin1String("by"), toQString(event.by));
    }
    return canonicalJson(document);
}

Result<OutboxNote> outboxNoteFromJson(const QJsonObject& document, NotUnderstood& notUnderstood)
{
    return readByVersion(MemberReader{document, notUnderstood}, kOutboxEntryDocument, kNoteReaders);
}

Result<OutboxNote> outboxNoteFromJson(const QByteArray& text)
{
    TRY_ASSIGN(const auto document, parseJsonObject(text));
    return readByVersion(MemberReader{document}, kOutboxEntryDocument, kNoteReaders);
}

Result<DeliveryEvent> deliveryEventFromJson(const QJsonObject& document, NotUnderstood& notUnderstood)
{
    return readByVersion(MemberReader{document, notUnderstood}, kDeliveryEventDocument, kEventReaders);
}

Result<DeliveryEvent> deliveryEventFromJson(const QByteArray& text)
{
    TRY_ASSIGN(const auto document, parseJsonObject(text));
    return readByVersion(MemberReader{document}, kDeliveryEventDocument, kEventReaders);
}

} // namespace enroll::db::documents

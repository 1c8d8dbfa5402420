#include "db/documents/outbox_document.h"

#include "db/documents/evidence_document.h"

namespace enroll::db::documents {

using namespace enrollment;

namespace {

QJsonValue nullIfEmpty(const std::string& text)
{
    return text.empty() ? QJsonValue{QJsonValue::Null} : QJsonValue{toQString(text)};
}

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
    return canonicalJson({{QLatin1String("schema"), toQString(kDeliveryEventSchema)},
                          {QLatin1String("outboxSeq"), static_cast<qint64>(event.outboxSeq)},
                          {QLatin1String("destination"), toQString(event.destination.text())},
                          {QLatin1String("registrationId"), toQString(event.registrationId.text())},
                          {QLatin1String("state"), toQString(recordStateText(event.state))},
                          {QLatin1String("code"), nullIfEmpty(event.code)},
                          {QLatin1String("reason"), nullIfEmpty(event.reason)}});
}

Result<OutboxNote> outboxNoteFromJson(const QByteArray& text)
{
    const MemberReader reader{TRY(parseJsonObject(text))};
    TRY(reader.requireSchema(kOutboxEntrySchema));
    TRY_ASSIGN(auto destination, reader.text("destination"));
    TRY_ASSIGN(const auto recordSeq, reader.integer("recordSeq"));
    TRY_ASSIGN(auto registrationId, reader.text("registrationId"));
    return OutboxNote{DestinationName{std::move(destination)}, recordSeq, RegistrationId{std::move(registrationId)}};
}

Result<DeliveryEvent> deliveryEventFromJson(const QByteArray& text)
{
    const MemberReader reader{TRY(parseJsonObject(text))};
    TRY(reader.requireSchema(kDeliveryEventSchema));
    DeliveryEvent event;
    TRY_ASSIGN(event.outboxSeq, reader.integer("outboxSeq"));
    event.destination = DestinationName{TRY(reader.text("destination"))};
    event.registrationId = RegistrationId{TRY(reader.text("registrationId"))};
    TRY_ASSIGN(event.state, recordStateFrom(reader, "state"));
    event.code = TRY(reader.textIfAny("code")).value_or("");
    event.reason = TRY(reader.textIfAny("reason")).value_or("");
    return event;
}

} // namespace enroll::db::documents

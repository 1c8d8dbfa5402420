#pragma once

#include "core/enrollment/enrollment_record.h"
#include "db/documents/not_understood.h"

#include <QByteArray>
#include <QJsonObject>

namespace enroll::db::documents {

inline constexpr std::string_view kOutboxEntryDocument = "enrollment-station/outbox-entry";
inline constexpr std::string_view kDeliveryEventDocument = "enrollment-station/delivery-event";
inline constexpr std::string_view kOutboxEntrySchema = "enrollment-station/outbox-entry/1";     ///< what this program
inline constexpr std::string_view kDeliveryEventSchema = "enrollment-station/delivery-event/1"; ///< writes

/// A record was queued for a destination.
struct OutboxNote {
    enrollment::DestinationName destination;
    std::int64_t recordSeq = 0; ///< the chain entry of the record
    enrollment::RegistrationId registrationId;
    bool operator==(const OutboxNote&) const = default;
};

/// An outbox entry was sent, accepted, rejected, set aside, or after one of the last two queued again.
struct DeliveryEvent {
    std::int64_t outboxSeq = 0; ///< the chain entry of the OutboxNote
    enrollment::DestinationName destination;
    enrollment::RegistrationId registrationId;
    Word<enrollment::RecordState> state = enrollment::RecordState::Sent;
    std::string code;    ///< empty unless rejected
    std::string reason;  ///< the destination's if rejected, a person's if set aside; else empty
    std::string by = {}; ///< who set it aside; empty otherwise, and no member of the document then
    bool operator==(const DeliveryEvent&) const = default;
};

QByteArray canonicalBytes(const OutboxNote& note);
QByteArray canonicalBytes(const DeliveryEvent& event);

/// Inverses, for every version that this program knows and a newer one as far as its newest reader gets; what it does not
/// know goes into \p notUnderstood. Error S-334 with the member that is wrong.
Result<OutboxNote> outboxNoteFromJson(const QJsonObject& document, NotUnderstood& notUnderstood);
Result<DeliveryEvent> deliveryEventFromJson(const QJsonObject& document, NotUnderstood& notUnderstood);
/// The inverses for a caller that needs no remarks.
Result<OutboxNote> outboxNoteFromJson(const QByteArray& text);
Result<DeliveryEvent> deliveryEventFromJson(const QByteArray& text);

} // namespace enroll::db::documents

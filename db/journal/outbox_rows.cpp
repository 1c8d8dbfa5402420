#include "db/journal/outbox_rows.h"

#include "core/enrollment/one_off_destination.h"
#include "db/journal/delivery_status.h"
#include "db/journal/stored_entry.h"
#include "db/qt/values.h"

#include <algorithm>

namespace enroll::db::journal {

using namespace enrollment;
using qt::toQString;

namespace {

/// The record's state over all its destinations. A record without a destination is queued: it waits for one.
RecordState stateOfAll(std::span<const DestinationState> destinations) noexcept
{
    auto state = destinations.empty() ? RecordState::Queued : RecordState::Accepted;
    for (const auto& destination : destinations) {
        state = together(state, destination.state.knownOr(RecordState::Queued));
    }
    return state;
}

struct ReadEvent {
    UtcTime at;
    documents::DeliveryEvent event;
};

/// A delivery event; nothing if only a newer program can read it.
Result<std::optional<ReadEvent>> readEvent(sqlite::Connection& database, std::int64_t seq)
{
    TRY_ASSIGN(const auto entry, storedEntry(database, seq, kDeliveryKind));
    TRY_ASSIGN(const auto at, fromIso8601(entry.at));
    documents::NotUnderstood notUnderstood;
    auto event = entry.document ? documents::deliveryEventFromJson(*entry.document, notUnderstood)
                                : Result<documents::DeliveryEvent>{entry.document.error()};
    return event ? std::optional{ReadEvent{at, std::move(event).value()}} : std::nullopt;
}

/// Reads code and reason from the newest event that says rejected, and what a person said who set it aside from the newest
/// of all. A record that was set aside while it was open may have been rejected never. If only a newer program can read an
/// event, the state is shown without what it says.
Result<void> readRefusal(sqlite::Connection& database, std::int64_t outboxSeq, std::int64_t rejectedBy,
                         DestinationState& state)
{
    TRY_ASSIGN(auto row, database.query("SELECT max(seq) FROM delivery_event WHERE outbox_seq = ?",
                                        {static_cast<qlonglong>(outboxSeq)}));
    TRY_ASSIGN(const bool isThere, row.next());
    if (!isThere || row.isNull(0)) {
        return journalAltered(
            database, BadEntry{outboxSeq, std::string{kOutboxKind}, {}, "it is closed but has no delivery event"});
    }
    const bool isSetAside = state.state == RecordState::SetAside;
    if (const auto seq = rejectedBy != 0 || isSetAside ? rejectedBy : row.integer(0); seq != 0) {
        TRY_ASSIGN(auto rejection, readEvent(database, seq));
        if (rejection) {
            state.code = std::move(rejection->event.code);
            state.reason = std::move(rejection->event.reason);
        }
    }
    if (isSetAside) {
        TRY_ASSIGN(auto decision, readEvent(database, row.integer(0)));
        if (decision) {
            state.setAside =
                SettingAside{decision->at, std::move(decision->event.by), std::move(decision->event.reason)};
        }
    }
    return {};
}

Result<DestinationState> destinationState(sqlite::Connection& database, const sqlite::Statement& row)
{
    TRY_ASSIGN(const auto status, deliveryStatus(database, row.integer(0)));
    DestinationState state{DestinationName{row.text(1)}, status.state, {}, {}};
    if (isRefused(state.state)) {
        TRY(readRefusal(database, row.integer(0), status.rejectedBy, state));
    }
    return state;
}

/// Removes the one-off destination unless it is the only one.
void dropSuperseded(std::vector<DestinationState>& destinations)
{
    if (destinations.size() > 1) {
        std::erase_if(destinations, [](const DestinationState& state) {
            return state.destination == DestinationName{kOneOffDestination};
        });
    }
}

} // namespace

Result<void> queueRecord(ChainStore& chain, UtcTime now, const documents::OutboxNote& note)
{
    TRY(chain.append(kOutboxKind, now, documents::canonicalBytes(note)));
    return {};
}

Result<void> appendDeliveryEvent(sqlite::Connection& database, ChainStore& chain, UtcTime now,
                                 const documents::DeliveryEvent& event)
{
    TRY(chain.append(kDeliveryKind, now, documents::canonicalBytes(event)));
    if (event.state == RecordState::SetAside) { // its column: stateInColumn()
        return database.execute(
            "UPDATE outbox_entry SET state = ? WHERE seq = ? AND state IN ('queued', 'sent')",
            {toQString(recordStateText(RecordState::Rejected)), static_cast<qlonglong>(event.outboxSeq)});
    }
    return database.execute("UPDATE outbox_entry SET state = ?, attempts = attempts + ? WHERE seq = ?",
                            {toQString(recordStateText(event.state)), event.state == RecordState::Sent ? 1 : 0,
                             static_cast<qlonglong>(event.outboxSeq)});
}

Result<std::string> reasonOfRejection(sqlite::Connection& database, std::int64_t rejectedBy)
{
    TRY_ASSIGN(auto rejection, readEvent(database, rejectedBy));
    return rejection ? std::move(rejection->event.reason) : std::string{};
}

Result<std::optional<RecordSummary>> recordSummary(sqlite::Connection& database, const RegistrationId& registrationId,
                                                   const SerialNumber& serialNumber)
{
    TRY_ASSIGN(auto record, database.query("SELECT seq, registration_id FROM enrollment_record"
                                           " WHERE registration_id = ? AND serial_number = ?",
                                           {toQString(registrationId.text()), toQString(serialNumber.text())}));
    TRY_ASSIGN(const bool isThere, record.next());
    if (!isThere) {
        return std::optional<RecordSummary>{};
    }
    RecordSummary summary{RegistrationId{record.text(1)}, RecordState::Queued, {}};
    TRY_ASSIGN(auto rows, database.query("SELECT seq, destination FROM outbox_entry WHERE record_seq = ? ORDER BY seq",
                                         {record.value(0)}));
    TRY(rows.forEach([&](const sqlite::Statement& row) -> Result<void> {
        TRY_ASSIGN(auto state, destinationState(database, row));
        summary.destinations.push_back(std::move(state));
        return {};
    }));
    dropSuperseded(summary.destinations);
    summary.state = stateOfAll(summary.destinations);
    return std::optional{std::move(summary)};
}

} // namespace enroll::db::journal

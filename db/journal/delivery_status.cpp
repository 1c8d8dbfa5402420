#include "db/journal/delivery_status.h"

#include "db/documents/member_reader.h"
#include "db/documents/outbox_document.h"
#include "db/journal/chain_store.h"
#include "db/journal/stored_entry.h"

#include <algorithm>

namespace enroll::db::journal {

using namespace enrollment;

namespace {

std::optional<RecordState> knownState(const std::string& text)
{
    const auto* state =
        std::ranges::find_if(kAllRecordStates, [&](RecordState one) { return recordStateText(one) == text; });
    return state == kAllRecordStates.end() ? std::nullopt : std::optional{*state};
}

bool mayFollow(RecordState before, RecordState next) noexcept
{
    switch (before) {
    case RecordState::Queued:
    case RecordState::Sent:
        return next != RecordState::Queued;
    case RecordState::Accepted:
        return false;
    case RecordState::Rejected:
        return next == RecordState::Queued || next == RecordState::SetAside;
    case RecordState::SetAside:
        return next == RecordState::Queued;
    }
    return false;
}

constexpr auto readNote = [](const QJsonObject& document, documents::NotUnderstood& notUnderstood) {
    return documents::outboxNoteFromJson(document, notUnderstood);
};
constexpr auto readEvent = [](const QJsonObject& document, documents::NotUnderstood& notUnderstood) {
    return documents::deliveryEventFromJson(document, notUnderstood);
};

/// What of \p entry the reader \p read does not understand.
template <class Read>
std::optional<documents::RecordNotUnderstood> notUnderstoodIn(const StoredEntry& entry, const char* where, Read read)
{
    if (!entry.document) {
        return documents::RecordNotUnderstood{RegistrationId{entry.id}, where + entry.document.error().what, {}};
    }
    documents::NotUnderstood notUnderstood;
    const auto document = read(*entry.document, notUnderstood);
    if (document.ok() && notUnderstood.empty()) {
        return {};
    }
    const auto& what = notUnderstood.empty() ? document.error().what : notUnderstood.places.front();
    return documents::RecordNotUnderstood{RegistrationId{entry.id}, where + what, schemaOf(entry)};
}

/// Goes over the delivery events of one outbox entry, oldest first.
class DeliveryWalk {
public:
    /// Takes the next event, the chain entry \p seq; the reason if it cannot follow.
    std::optional<std::string> take(std::int64_t seq, const std::string& text)
    {
        const auto next = knownState(text);
        const bool follows = !m_state || !next || mayFollow(*m_state, *next);
        auto fault = follows ? std::nullopt
                             : std::optional{"it says '" + text + "' of a record that was " +
                                             std::string{recordStateText(*m_state)}};
        m_state = next;
        m_attempts += next == RecordState::Sent ? 1 : 0;
        m_rejectedBy = next == RecordState::Rejected ? seq : m_rejectedBy;
        return fault;
    }
    /// Nothing after an event that only a newer program knows.
    [[nodiscard]] std::optional<RecordState> state() const noexcept { return m_state; }
    [[nodiscard]] int attempts() const noexcept { return m_attempts; }
    [[nodiscard]] std::int64_t rejectedBy() const noexcept { return m_rejectedBy; }

    std::optional<documents::RecordNotUnderstood> notUnderstood = {}; ///< of the newest event

private:
    std::optional<RecordState> m_state = RecordState::Queued;
    int m_attempts = 0;
    std::int64_t m_rejectedBy = 0;
};

Result<DeliveryWalk> walkOver(sqlite::Connection& database, std::int64_t outboxSeq, const std::string& id)
{
    TRY_ASSIGN(auto events, database.query("SELECT seq, state FROM delivery_event WHERE outbox_seq = ? ORDER BY seq",
                                           {static_cast<qlonglong>(outboxSeq)}));
    DeliveryWalk walk;
    std::int64_t newest = 0;
    TRY(events.forEach([&](const sqlite::Statement& row) -> Result<void> {
        newest = row.integer(0);
        auto fault = walk.take(newest, row.text(1));
        return fault ? journalAltered(database, BadEntry{newest, std::string{kDeliveryKind}, id, std::move(*fault)})
                     : Result<void>{};
    }));
    if (newest != 0) {
        TRY_ASSIGN(const auto last, storedEntry(database, newest, kDeliveryKind));
        walk.notUnderstood = notUnderstoodIn(last, "its newest delivery event: ", readEvent);
    }
    return walk;
}

} // namespace

RecordState stateInColumn(RecordState state) noexcept
{
    return state == RecordState::SetAside ? RecordState::Rejected : state;
}

Result<RecordState> recordStateFromText(const sqlite::Connection& database, const std::string& text)
{
    const auto state = knownState(text);
    return state ? Result<RecordState>{*state} : journalAltered(database, "'" + text + "' is not a state of a record");
}

Result<DeliveryStatus> deliveryStatus(sqlite::Connection& database, std::int64_t seq)
{
    TRY_ASSIGN(const auto entry, storedEntry(database, seq, kOutboxKind));
    TRY_ASSIGN(auto walk, walkOver(database, seq, entry.id));
    TRY_ASSIGN(auto row,
               database.query("SELECT state, attempts FROM outbox_entry WHERE seq = ?", {static_cast<qlonglong>(seq)}));
    TRY_ASSIGN([[maybe_unused]] const bool there, row.next()); // storedEntry() has compared this very row
    TRY_ASSIGN(const auto column, recordStateFromText(database, row.text(0)));
    const auto state = walk.state().value_or(column);
    if (stateInColumn(state) != column || walk.attempts() != row.integer(1)) {
        return journalAltered(
            database, BadEntry{seq, std::string{kOutboxKind}, entry.id, "its state differs from its delivery events"});
    }
    auto notUnderstood = notUnderstoodIn(entry, "its place in the queue: ", readNote);
    return DeliveryStatus{RegistrationId{entry.id}, state, walk.attempts(), walk.rejectedBy(),
                          notUnderstood ? std::move(notUnderstood) : std::move(walk.notUnderstood)};
}

Result<std::optional<BadEntry>> verifyDeliveryOrder(sqlite::Connection& database)
{
    TRY_ASSIGN(auto rows, database.query("SELECT e.outbox_seq, e.seq, e.state, r.registration_id FROM delivery_event e"
                                         " LEFT JOIN outbox_entry o ON o.seq = e.outbox_seq"
                                         " LEFT JOIN enrollment_record r ON r.seq = o.record_seq"
                                         " ORDER BY e.outbox_seq, e.seq"));
    DeliveryWalk walk;
    std::int64_t outboxSeq = 0;
    for (;;) {
        TRY_ASSIGN(const bool there, rows.next());
        if (!there) {
            return std::optional<BadEntry>{};
        }
        if (rows.integer(0) != outboxSeq) {
            walk = {};
            outboxSeq = rows.integer(0);
        }
        auto fault = walk.take(rows.integer(1), rows.text(2));
        if (fault) {
            return std::optional{
                BadEntry{rows.integer(1), std::string{kDeliveryKind}, rows.text(3), std::move(*fault)}};
        }
    }
}

} // namespace enroll::db::journal

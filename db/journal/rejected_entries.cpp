#include "db/journal/rejected_entries.h"

#include "db/journal/delivery_status.h"
#include "db/qt/values.h"

#include <algorithm>

namespace enroll::db::journal {

using namespace enrollment;
using qt::toQString;

namespace {

/// How far one record is at one destination; nothing if there is no record.
struct EntryState {
    std::int64_t seq = 0; ///< 0 while the record was never queued there
    RegistrationId registrationId;
    std::int64_t recordSeq = 0;
    RecordState state = RecordState::Queued; ///< of one that was never queued there: set aside, if it is so elsewhere
};

Result<std::optional<EntryState>> entryState(sqlite::Connection& database, const DestinationName& destination,
                                             const RegistrationId& id)
{
    TRY_ASSIGN(auto row,
               database.query("SELECT coalesce(o.seq, 0), r.registration_id, r.seq, " ENROLL_RECORD_IS_SET_ASIDE
                              " FROM enrollment_record r LEFT JOIN outbox_entry o ON o.record_seq = r.seq"
                              " AND o.destination = ? WHERE r.registration_id = ?",
                              {toQString(destination.text()), toQString(id.text())}));
    TRY_ASSIGN(const bool isThere, row.next());
    if (!isThere) {
        return std::optional<EntryState>{};
    }
    EntryState entry{row.integer(0), RegistrationId{row.text(1)}, row.integer(2),
                     row.integer(3) != 0 ? RecordState::SetAside : RecordState::Queued};
    if (entry.seq != 0) {
        TRY_ASSIGN(const auto status, deliveryStatus(database, entry.seq));
        entry.state = status.state;
    }
    return std::optional{std::move(entry)};
}

/// Goes over the records asked for.
class Search {
public:
    Search(sqlite::Connection& database, std::span<const DestinationName> destinations, const CountedToo& also)
        : m_database(database), m_destinations(destinations), m_also(also)
    {}

    Result<void> lookFor(const RegistrationId& id)
    {
        NotRejected otherwise{id};
        bool anyRejected = false;
        for (const auto& destination : m_destinations) {
            TRY_ASSIGN(const auto entry, entryState(m_database, destination, id));
            if (!entry) {
                continue;
            }
            if (!counts(*entry)) {
                otherwise.state = together(otherwise.state.value_or(entry->state), entry->state);
                continue;
            }
            anyRejected = true;
            const RecordAt record{destination, entry->registrationId};
            if (std::ranges::find(m_entries, record, &RejectedEntry::record) == m_entries.end()) {
                m_entries.push_back({entry->seq, record, entry->recordSeq});
            }
        }
        if (!anyRejected) {
            m_others.push_back(std::move(otherwise));
        }
        return {};
    }

    RejectedOrNot found() &&
    {
        return m_others.empty() ? RejectedOrNot{std::move(m_entries)} : RejectedOrNot{std::move(m_others)};
    }

private:
    [[nodiscard]] bool counts(const EntryState& entry) const
    {
        switch (entry.state) {
        case RecordState::Queued:
        case RecordState::Sent:
            return std::ranges::find(m_also.open, entry.seq) != m_also.open.end();
        case RecordState::Accepted:
            return false;
        case RecordState::Rejected:
            return true;
        case RecordState::SetAside:
            return m_also.setAside;
        }
        return false;
    }

    sqlite::Connection& m_database;
    std::span<const DestinationName> m_destinations;
    const CountedToo& m_also;
    std::vector<RejectedEntry> m_entries;
    std::vector<NotRejected> m_others;
};

} // namespace

Result<RejectedOrNot> rejectedEntriesOf(sqlite::Connection& database, std::span<const DestinationName> destinations,
                                        std::span<const RegistrationId> ids, const CountedToo& also)
{
    Search search{database, destinations, also};
    for (const auto& id : ids) {
        TRY(search.lookFor(id));
    }
    return std::move(search).found();
}

Result<std::vector<RejectedEntry>> rejectedEntries(sqlite::Connection& database, const DestinationName& destination)
{
    std::vector<RejectedEntry> entries;
    TRY_ASSIGN(auto rows,
               database.query("SELECT seq, record_seq FROM outbox_entry WHERE destination = ? AND state = 'rejected'"
                              " ORDER BY seq",
                              {toQString(destination.text())}));
    TRY(rows.forEach([&](const sqlite::Statement& row) -> Result<void> {
        TRY_ASSIGN(auto status, deliveryStatus(database, row.integer(0)));
        if (status.state == RecordState::Rejected) {
            entries.push_back({row.integer(0), {destination, std::move(status.registrationId)}, row.integer(1)});
        }
        return {};
    }));
    return entries;
}

} // namespace enroll::db::journal

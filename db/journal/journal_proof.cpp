#include "db/journal/journal_proof.h"

#include "core/base/station_code.h"
#include "db/journal/journal_verifier.h"
#include "db/journal/open_journal.h"
#include "db/qt/values.h"

#include <algorithm>
#include <iterator>
#include <limits>

namespace enroll::db::journal {
namespace {

/// The first entry of the journal that a sending to \p destination reads: an open outbox entry for it, the record of one, or
/// a record that is not queued for it yet. A number behind every entry if there is nothing to send.
Result<std::int64_t> firstOfOpen(sqlite::Connection& database, const enrollment::DestinationName& destination)
{
    const auto name = qt::toQString(destination.text());
    TRY_ASSIGN(auto row,
               database.query("SELECT min(seq) FROM (SELECT min(min(seq, record_seq)) AS seq FROM outbox_entry"
                              " WHERE destination = ? AND state IN ('queued', 'sent') UNION ALL"
                              " SELECT min(r.seq) FROM enrollment_record r WHERE NOT EXISTS"
                              " (SELECT 1 FROM outbox_entry o WHERE o.record_seq = r.seq AND o.destination = ?))",
                              {name, name}));
    TRY_ASSIGN(const bool there, row.next());
    return there && !row.isNull(0) ? row.integer(0) : std::numeric_limits<std::int64_t>::max();
}

} // namespace

Result<void> JournalProof::renew(const enrollment::DestinationName& destination, const VerifyProgress& progress,
                                 const std::stop_token& stop)
{
    if (!m_marks.empty()) {
        TRY_ASSIGN(const bool proven, continues(destination, progress, stop));
        if (proven) {
            return {};
        }
    }
    TRY_ASSIGN(auto pass, verifyFromGenesis(m_dataDirectory, JournalVerifier::Reading::Bytes, {progress, stop}));
    if (pass.report.firstBad) {
        return journalAltered(journalFile(m_dataDirectory), *pass.report.firstBad);
    }
    if (!m_marks.empty()) {
        TRY_ASSIGN(const auto snapshot, JournalSnapshot::open(m_dataDirectory, stop));
        TRY(requireSeen(*snapshot.database));
    }
    m_marks = std::move(pass.marks);
    return {};
}

/// Error S-303 unless the last entry that is remembered still has the hash it had. In a chain that fits itself, all before
/// it are then the ones that were seen.
Result<void> JournalProof::requireSeen(sqlite::Connection& database) const
{
    const auto& last = m_marks.back();
    TRY_ASSIGN(auto row, database.query("SELECT entry_hash FROM chain_entry WHERE seq = ?",
                                        {static_cast<qlonglong>(last.entries)}));
    TRY_ASSIGN(const bool there, row.next());
    if (!there || !equalBytes(qt::viewOf(row.bytes(0)), last.hash)) {
        return journalAltered(database,
                              BadEntry{last.entries, "journal", {}, "it is not the entry that stood there before"});
    }
    return {};
}

/// False if the journal is not what is remembered and what was appended to that.
Result<bool> JournalProof::continues(const enrollment::DestinationName& destination, const VerifyProgress& progress,
                                     const std::stop_token& stop)
{
    const auto prove = [&]() -> Result<bool> {
        TRY_ASSIGN(const auto snapshot, JournalSnapshot::open(m_dataDirectory, stop));
        TRY_ASSIGN(const auto first, firstOfOpen(*snapshot.database, destination));
        const auto behind =
            std::ranges::partition_point(m_marks, [&](const audit::ChainHead& mark) { return mark.entries < first; });
        if (behind == m_marks.begin()) {
            return false;
        }
        const auto start = std::prev(behind);
        JournalVerifier verifier{*snapshot.database, *start, JournalVerifier::Reading::Bytes, {progress, stop}};
        TRY_ASSIGN(const auto finding, verifier.verifyTail());
        TRY(requireSeen(*snapshot.database));
        if (!finding) {
            auto marks = std::move(verifier).marks();
            const auto added = marks.begin() + (marks.front() == *start ? 1 : 0); // nothing stood behind it
            m_marks.erase(behind, m_marks.end());
            m_marks.insert(m_marks.end(), std::make_move_iterator(added), std::make_move_iterator(marks.end()));
        }
        return !finding;
    };
    auto proven = prove();
    return !proven && proven.error().code == StationCode::JournalAltered ? Result<bool>{false} : std::move(proven);
}

} // namespace enroll::db::journal

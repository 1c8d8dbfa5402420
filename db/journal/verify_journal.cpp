#include "db/journal/verify_journal.h"

#include "core/audit/verify_chain.h"
#include "core/base/cancellation.h"
#include "core/base/station_code.h"
#include "db/journal/chain_store.h"
#include "db/journal/entry_understanding.h"
#include "db/journal/index_verifier.h"
#include "db/journal/open_journal.h"
#include "db/journal/schema.h"
#include "db/qt/values.h"

namespace enroll::db::journal {
namespace {

constexpr std::int64_t kProgressEvery = 256;
constexpr std::string_view kWholeJournal = "journal";

using Finding = std::optional<BadEntry>;

bool isBlob(const sqlite::Statement& row, int column)
{
    return row.value(column).typeId() == QMetaType::QByteArray;
}

bool isText(const sqlite::Statement& row, int column)
{
    return row.value(column).typeId() == QMetaType::QString;
}

/// True if the columns have the types of the schema. A text in place of a blob could read as the same bytes.
bool hasColumnTypes(const sqlite::Statement& row)
{
    return isText(row, 1) && isText(row, 2) && isBlob(row, 3) && isBlob(row, 4) && isBlob(row, 5);
}

audit::ChainEntry entryOf(const sqlite::Statement& row)
{
    return {row.integer(0),
            row.text(1),
            row.text(2),
            toBytes(qt::viewOf(row.bytes(3))),
            toBytes(qt::viewOf(row.bytes(4))),
            toBytes(qt::viewOf(row.bytes(5)))};
}

void count(StrangeEntries& entries, StrangeEntry entry, const std::string& schema)
{
    ++entries.count;
    ++entries.schemas[schema];
    if (!entries.first) {
        entries.first = std::move(entry);
    }
}

class JournalVerifier {
public:
    JournalVerifier(sqlite::Connection& database, audit::ChainVerifier chain, const VerifyProgress& progress,
                    const std::stop_token& stop)
        : m_database(database), m_chain(std::move(chain)), m_progress(progress), m_stop(stop)
    {}

    Result<Finding> verify();
    [[nodiscard]] std::int64_t entries() const noexcept { return m_chain.head().entries; }
    [[nodiscard]] VerifyReport report(Finding firstBad) &&
    {
        return {entries(), std::move(firstBad), std::move(m_notUnderstood)};
    }

private:
    Result<Finding> verifySchema();
    Result<Finding> verifyEntries();
    Result<Finding> verifyEntry(const sqlite::Statement& row, IndexVerifier& index);
    Result<Finding> verifyHead();
    Result<Finding> verifyStructure();
    void understand(const sqlite::Statement& row);
    Result<void> tell(std::int64_t total);

    sqlite::Connection& m_database;
    audit::ChainVerifier m_chain;
    StrangeEntries m_notUnderstood;
    const VerifyProgress& m_progress;
    const std::stop_token& m_stop;
};

Result<Finding> JournalVerifier::verify()
{
    TRY_ASSIGN(auto finding, verifySchema());
    if (!finding) {
        TRY_ASSIGN(finding, verifyEntries());
    }
    if (!finding) {
        TRY_ASSIGN(finding, verifyHead());
    }
    if (!finding) {
        TRY_ASSIGN(finding, verifyRowCounts(m_database));
    }
    if (!finding) {
        TRY_ASSIGN(finding, verifyOutboxStates(m_database));
    }
    if (!finding) {
        TRY_ASSIGN(finding, verifyStructure());
    }
    return finding;
}

// Comes first, because every query below relies on the tables, indexes and triggers of a journal.
Result<Finding> JournalVerifier::verifySchema()
{
    TRY_ASSIGN(auto difference, schemaDifference(m_database));
    return difference ? Finding{BadEntry{0, "database", {}, std::move(*difference)}} : Finding{};
}

Result<Finding> JournalVerifier::verifyEntries()
{
    TRY_ASSIGN(const auto head, storedHead(m_database));
    TRY_ASSIGN(auto index, IndexVerifier::make(m_database));
    // NOT INDEXED reads the table itself: an index could hide rows or show others.
    TRY_ASSIGN(auto rows,
               m_database.query(
                   "SELECT seq, kind, at, body, prev_hash, entry_hash FROM chain_entry NOT INDEXED ORDER BY seq"));
    for (;;) {
        TRY_ASSIGN(const bool found, rows.next());
        if (!found) {
            return Finding{};
        }
        TRY_ASSIGN(auto finding, verifyEntry(rows, index));
        if (finding) {
            return finding;
        }
        understand(rows);
        TRY(tell(head.entries));
    }
}

Result<Finding> JournalVerifier::verifyEntry(const sqlite::Statement& row, IndexVerifier& index)
{
    const auto expected = entries() + 1;
    if (!hasColumnTypes(row)) {
        return Finding{BadEntry{expected, row.text(1), entryId(row.text(1), row.bytes(3)),
                                "its columns do not have the types of the schema"}};
    }
    const auto entry = entryOf(row);
    TRY_ASSIGN(auto fault, m_chain.check(entry));
    if (fault) {
        return Finding{BadEntry{expected, entry.kind, entryId(row.text(1), row.bytes(3)), std::move(*fault)}};
    }
    return index.check(entry.seq, entry.kind, row.bytes(3));
}

// Called only for an entry that was found good; what is not understood does not make it bad.
void JournalVerifier::understand(const sqlite::Statement& row)
{
    const auto kind = row.text(1);
    const auto understanding = understandEntry(kind, row.bytes(3));
    if (!understanding.notUnderstood.empty()) {
        count(m_notUnderstood,
              {row.integer(0), kind, entryId(row.text(1), row.bytes(3)), understanding.notUnderstood.places.front()},
              understanding.schema);
    }
}

Result<Finding> JournalVerifier::verifyHead()
{
    TRY_ASSIGN(const auto head, storedHead(m_database));
    if (head == m_chain.head()) {
        return Finding{};
    }
    return Finding{BadEntry{
        entries() + 1, std::string{kWholeJournal}, {}, "the chain ends here, but the journal records another end"}};
}

// Finds damage that no query above can meet: in free pages, in an index that none of them uses, in constraints.
Result<Finding> JournalVerifier::verifyStructure()
{
    TRY_ASSIGN(auto row, m_database.query("PRAGMA integrity_check(1)"));
    TRY_ASSIGN(const bool answered, row.next());
    if (answered && row.text(0) != "ok") {
        return Finding{BadEntry{0, "database", {}, row.text(0)}};
    }
    return Finding{};
}

Result<void> JournalVerifier::tell(std::int64_t total)
{
    TRY(requireNotCancelled(m_stop));
    if (m_progress && (entries() % kProgressEvery == 0 || entries() == total)) {
        m_progress(entries(), total);
    }
    return {};
}

/// What an error says of the journal, without the file that it names first.
std::string reasonOf(const Error& error, const std::filesystem::path& file)
{
    const auto name = file.string() + ": ";
    return error.what.starts_with(name) ? error.what.substr(name.size()) : error.what;
}

Result<VerifyReport> verifySnapshot(sqlite::Connection& database, const VerifyProgress& progress,
                                    const std::stop_token& stop)
{
    TRY_ASSIGN(const auto snapshot, sqlite::Transaction::begin(database, sqlite::Transaction::Kind::Snapshot));
    TRY_ASSIGN(const auto id, journalId(database));
    TRY_ASSIGN(auto genesis, audit::genesisHash(id));
    JournalVerifier verifier{database, audit::ChainVerifier{std::move(genesis)}, progress, stop};
    auto finding = verifier.verify();
    if (!finding && finding.error().code == StationCode::JournalAltered) {
        // SQLite itself cannot read on, so the damage is reported at the entry after the last good one.
        const auto next = verifier.entries() + 1;
        return std::move(verifier).report(
            BadEntry{next, "database", {}, reasonOf(finding.error(), database.fileName())});
    }
    TRY_ASSIGN(auto firstBad, std::move(finding));
    return std::move(verifier).report(std::move(firstBad));
}

} // namespace

Result<VerifyReport> verifyJournal(const std::filesystem::path& dataDirectory, const VerifyProgress& progress,
                                   const std::stop_token& stop)
{
    auto database = openForReading(dataDirectory);
    auto report = database ? verifySnapshot(**database, progress, stop) : Result<VerifyReport>{database.error()};
    if (!report && report.error().code == StationCode::JournalAltered) {
        return VerifyReport{0, BadEntry{0, "database", {}, reasonOf(report.error(), journalFile(dataDirectory))}, {}};
    }
    return report;
}

Result<void> requireUnaltered(const std::filesystem::path& dataDirectory, const VerifyProgress& progress,
                              const std::stop_token& stop)
{
    TRY_ASSIGN(const auto report, verifyJournal(dataDirectory, progress, stop));
    return report.firstBad ? journalAltered(journalFile(dataDirectory), *report.firstBad) : Result<void>{};
}

} // namespace enroll::db::journal

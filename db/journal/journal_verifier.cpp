#include "db/journal/journal_verifier.h"

#include "core/base/cancellation.h"
#include "core/base/station_code.h"
#include "db/documents/json_text.h"
#include "db/journal/chain_row.h"
#include "db/journal/chain_store.h"
#include "db/journal/entry_understanding.h"
#include "db/journal/open_journal.h"
#include "db/journal/schema.h"
#include "db/qt/values.h"

namespace enroll::db::journal {
namespace {

constexpr std::int64_t kProgressEvery = 256;
constexpr std::int64_t kMarkEvery = 256;
constexpr std::string_view kWholeJournal = "journal";

using FirstBad = JournalVerifier::FirstBad;

/// What an error says of the journal, without the file that it names first.
std::string reasonOf(const Error& error, const std::filesystem::path& file)
{
    const auto name = file.string() + ": ";
    return error.what.starts_with(name) ? error.what.substr(name.size()) : error.what;
}

void count(EntriesNotUnderstood& entries, EntryNotUnderstood entry, const std::string& schema)
{
    ++entries.count;
    ++entries.schemas[schema];
    if (!entries.first) {
        entries.first = std::move(entry);
    }
}

} // namespace

Result<FirstBad> JournalVerifier::verifyWhole()
{
    TRY_ASSIGN(auto firstBad, verifySchema());
    if (!firstBad) {
        TRY(checkStructure());
        TRY_ASSIGN(firstBad, verifyEntries());
    }
    if (!firstBad) {
        TRY_ASSIGN(firstBad, verifyHead());
    }
    if (!firstBad) {
        TRY_ASSIGN(firstBad, verifyRowCounts(m_database));
    }
    if (!firstBad) {
        TRY_ASSIGN(firstBad, verifyOutboxStates(m_database));
    }
    return firstBad ? firstBad : m_structure;
}

Result<FirstBad> JournalVerifier::verifyTail()
{
    TRY_ASSIGN(auto firstBad, verifySchema());
    if (!firstBad) {
        TRY(provenHead(m_database)); // also where nothing stands behind the start, and no entry is read below
        TRY_ASSIGN(firstBad, verifyEntries());
    }
    if (!firstBad) {
        TRY_ASSIGN(firstBad, verifyHead());
    }
    return firstBad;
}

std::vector<audit::ChainHead> JournalVerifier::marks() &&
{
    if (m_marks.empty() || m_marks.back() != head()) {
        m_marks.push_back(head());
    }
    return std::move(m_marks);
}

// Comes first, because every query below relies on the tables, indexes and triggers of a journal.
Result<FirstBad> JournalVerifier::verifySchema()
{
    TRY_ASSIGN(auto difference, schemaDifference(m_database));
    return difference ? FirstBad{BadEntry{0, "database", {}, std::move(*difference)}} : FirstBad{};
}

/// Finds damage that no query can meet: in free pages, in an index that none of them uses, in constraints. It also looks
/// each row up by each index; only where it finds a fault has each entry to be looked up once more, to name the first.
Result<void> JournalVerifier::checkStructure()
{
    const auto ask = [this]() -> Result<std::string> {
        TRY_ASSIGN(auto row, m_database.query("PRAGMA integrity_check(1)"));
        TRY_ASSIGN(const bool answered, row.next());
        return answered ? row.text(0) : std::string{"ok"};
    };
    const auto answer = ask();
    TRY(requireNotCancelled(m_watching.stop)); // a check that was broken off proves nothing
    if (!answer && answer.error().code != StationCode::JournalAltered) {
        return answer.error();
    }
    if (answer && *answer == "ok") {
        m_indexes = IndexVerifier::Indexes::Sound;
        return {};
    }
    m_structure = BadEntry{0, "database", {}, answer ? *answer : reasonOf(answer.error(), m_database.fileName())};
    return {};
}

Result<FirstBad> JournalVerifier::verifyEntries()
{
    TRY_ASSIGN(const auto end, storedHead(m_database));
    TRY_ASSIGN(auto index, IndexVerifier::make(m_database, m_start, m_indexes));
    TRY_ASSIGN(auto consistency, ConsistencyVerifier::make(m_database));
    TRY_ASSIGN(auto rows, chainAfter(m_database, m_start));
    for (;;) {
        TRY_ASSIGN(const bool found, rows.next());
        if (!found) {
            return FirstBad{};
        }
        TRY_ASSIGN(auto firstBad, verifyEntry(rows, index, consistency));
        if (firstBad) {
            return firstBad;
        }
        TRY(tell(end.entries));
    }
}

Result<FirstBad> JournalVerifier::verifyEntry(const sqlite::Statement& row, IndexVerifier& index,
                                              ConsistencyVerifier& consistency)
{
    const auto expected = head().entries + 1;
    if (!hasColumnTypes(row)) {
        return FirstBad{
            BadEntry{expected, row.text(1), entryId(row.text(1), row.bytes(3)), std::string{kOtherColumnTypes}}};
    }
    const auto entry = entryOf(row);
    TRY_ASSIGN(auto fault, m_chain.check(entry));
    if (fault) {
        return FirstBad{BadEntry{expected, entry.kind, entryId(row.text(1), row.bytes(3)), std::move(*fault)}};
    }
    const auto document = documents::parseJsonObject(ByteView{entry.body});
    TRY_ASSIGN(auto firstBad, index.check(entry.seq, entry.kind, document ? *document : QJsonObject{}));
    if (!firstBad && document) {
        TRY_ASSIGN(fault, consistency.check(entry.seq, entry.kind, *document));
        firstBad =
            fault ? FirstBad{BadEntry{expected, entry.kind, entryId(row.text(1), row.bytes(3)), *fault}} : firstBad;
    }
    if (!firstBad && m_reading == Reading::Documents) {
        understand(entry, document);
    }
    if (!firstBad && entry.kind == kActKind) {
        ++m_acts;
    }
    return firstBad;
}

// Called only for an entry that was found good; what is not understood does not make it bad.
void JournalVerifier::understand(const audit::ChainEntry& entry, const Result<QJsonObject>& document)
{
    const auto understanding = understandEntry(entry.kind, document);
    if (!understanding.notUnderstood.empty()) {
        count(m_notUnderstood,
              {entry.seq, entry.kind, entryId(entry.kind, qt::toQByteArray(ByteView{entry.body})),
               understanding.notUnderstood.places.front()},
              understanding.schema);
    }
}

Result<FirstBad> JournalVerifier::verifyHead()
{
    TRY_ASSIGN(const auto end, storedHead(m_database));
    if (end == head()) {
        return FirstBad{};
    }
    return FirstBad{BadEntry{head().entries + 1,
                             std::string{kWholeJournal},
                             {},
                             "the chain ends here, but the journal records another end"}};
}

Result<void> JournalVerifier::tell(std::int64_t total)
{
    TRY(requireNotCancelled(m_watching.stop));
    const auto done = head().entries;
    if (done % kMarkEvery == 0) {
        m_marks.push_back(head());
    }
    if (m_watching.progress && (done % kProgressEvery == 0 || done == total)) {
        m_watching.progress(done, total);
    }
    return {};
}

Result<JournalSnapshot> JournalSnapshot::open(const std::filesystem::path& dataDirectory, const std::stop_token& stop)
{
    TRY_ASSIGN(auto database, openForReading(dataDirectory));
    TRY_ASSIGN(auto transaction, sqlite::Transaction::begin(*database, sqlite::Transaction::Kind::Snapshot));
    TRY_ASSIGN(auto interruption, sqlite::Interruption::arm(*database, stop));
    return JournalSnapshot{std::move(database), std::move(transaction), std::move(interruption)};
}

namespace {

Result<WholePass> verifySnapshot(sqlite::Connection& database, JournalVerifier::Reading reading,
                                 JournalVerifier::Watching watching)
{
    TRY_ASSIGN(const auto id, journalId(database));
    TRY_ASSIGN(auto genesis, audit::genesisHash(id));
    JournalVerifier verifier{database, {0, std::move(genesis)}, reading, watching};
    auto pass = verifier.verifyWhole();
    if (!pass && pass.error().code == StationCode::JournalAltered) {
        // SQLite itself cannot read on, so the damage is reported at the entry after the last good one.
        pass = FirstBad{
            BadEntry{verifier.head().entries + 1, "database", {}, reasonOf(pass.error(), database.fileName())}};
    }
    TRY_ASSIGN(auto firstBad, std::move(pass));
    VerifyReport report{verifier.head().entries, verifier.acts(), std::move(firstBad), verifier.notUnderstood(),
                        verifier.head().hash};
    return WholePass{std::move(report), std::move(verifier).marks()};
}

} // namespace

Result<WholePass> verifyFromGenesis(const std::filesystem::path& dataDirectory, JournalVerifier::Reading reading,
                                    JournalVerifier::Watching watching)
{
    const auto snapshot = JournalSnapshot::open(dataDirectory, watching.stop);
    auto pass = snapshot ? verifySnapshot(*snapshot->database, reading, watching) : Result<WholePass>{snapshot.error()};
    if (!pass && pass.error().code == StationCode::JournalAltered) {
        BadEntry bad{0, "database", {}, reasonOf(pass.error(), journalFile(dataDirectory))};
        return WholePass{VerifyReport{0, 0, std::move(bad), {}}, {}};
    }
    return pass;
}

} // namespace enroll::db::journal

#include "tests/support/journal_fixture.h"

#include "core/audit/chain.h"
#include "db/journal/open_journal.h"
#include "db/qt/values.h"
#include "db/sqlite/connection.h"

#include <functional>

namespace enroll::test {

using namespace db::journal;
using namespace enrollment;

namespace {

std::unique_ptr<db::sqlite::Connection> openToWrite(const std::filesystem::path& dataDirectory)
{
    return require(connectTo(journalFile(dataDirectory), db::sqlite::Access::ReadWrite, std::chrono::seconds{5}));
}

/// Runs \p work where neither foreign keys nor triggers are in its way, in one transaction.
void withoutTriggers(const std::filesystem::path& dataDirectory,
                     const std::function<void(db::sqlite::Connection&)>& work)
{
    const auto database = openToWrite(dataDirectory);
    require(database->execute("PRAGMA foreign_keys = OFF"));
    auto transaction = require(db::sqlite::Transaction::begin(*database, db::sqlite::Transaction::Kind::Write));
    std::vector<std::string> triggers;
    {
        auto rows = require(database->query("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"));
        while (require(rows.next())) {
            triggers.push_back("DROP TRIGGER " + rows.text(0));
            triggers.push_back(rows.text(1));
        }
    }
    for (std::size_t i = 0; i < triggers.size(); i += 2) {
        require(database->execute(triggers[i].c_str()));
    }
    work(*database);
    for (std::size_t i = 1; i < triggers.size(); i += 2) {
        require(database->execute(triggers[i].c_str()));
    }
    require(transaction.commit());
}

} // namespace

JournalFixture::JournalFixture(std::vector<DestinationName> destinations)
    : m_options{directory(), std::move(destinations)}
{}

std::filesystem::path JournalFixture::directory() const
{
    return std::filesystem::path{m_directory.path().toStdString()} / "data";
}

std::unique_ptr<SqliteJournal> JournalFixture::open() const
{
    return require(SqliteJournal::open(m_options));
}

std::unique_ptr<SqliteOutbox> JournalFixture::outbox(const DestinationName& name) const
{
    return require(SqliteOutbox::open(m_options, name));
}

VerifyReport JournalFixture::verify() const
{
    return require(verifyJournal(directory()));
}

AttestationRun JournalFixture::pass(int device) const
{
    const DeviceFigure figure{device};
    auto run = figure.passingRun();
    require(open()->commit(run, figure.recordOf(run)));
    return run;
}

AttestationRun JournalFixture::end(int device, Outcome outcome, ErrorCode code) const
{
    auto run = DeviceFigure{device}.runEndedAs(outcome, code);
    require(open()->commit(run, std::nullopt));
    return run;
}

int JournalFixture::tamper(const char* sql, const QVariantList& values) const
{
    return tamperWith(directory(), sql, values);
}

QVariant JournalFixture::ask(const char* sql, const QVariantList& values) const
{
    const auto database =
        require(connectTo(journalFile(directory()), db::sqlite::Access::ReadWrite, m_options.busyTimeout));
    auto row = require(database->query(sql, values));
    return require(row.next()) ? row.value(0) : QVariant{};
}

int tamperWith(const std::filesystem::path& dataDirectory, const char* sql, const QVariantList& values)
{
    int changed = 0;
    withoutTriggers(dataDirectory, [&](db::sqlite::Connection& database) {
        changed = static_cast<int>(require(database.query(sql, values)).changedRows());
    });
    return changed;
}

void forgeEntry(const std::filesystem::path& dataDirectory, std::int64_t seq, const QByteArray& body)
{
    withoutTriggers(dataDirectory, [&](db::sqlite::Connection& database) {
        const auto hash = [&] {
            auto row = require(database.query("SELECT kind, at, prev_hash FROM chain_entry WHERE seq = ?",
                                              {static_cast<qlonglong>(seq)}));
            require(row.next());
            return db::qt::toQByteArray(require(audit::entryHash({seq,
                                                                  row.text(0),
                                                                  row.text(1),
                                                                  toBytes(db::qt::viewOf(body)),
                                                                  toBytes(db::qt::viewOf(row.bytes(2))),
                                                                  {}})));
        }();
        require(database.execute("UPDATE chain_entry SET body = ?, entry_hash = ? WHERE seq = ?",
                                 {body, hash, static_cast<qlonglong>(seq)}));
        require(database.execute("UPDATE chain_entry SET prev_hash = ? WHERE seq = ?",
                                 {hash, static_cast<qlonglong>(seq + 1)}));
    });
}

void commitOtherwise(const std::filesystem::path& dataDirectory, std::int64_t seq, const QByteArray& body)
{
    withoutTriggers(dataDirectory, [&](db::sqlite::Connection& database) {
        const auto id = [&] {
            auto row = require(database.query("SELECT value FROM meta WHERE key = 'journal_id'"));
            return require(row.next()) ? row.text(0) : std::string{};
        }();
        audit::ChainHead head{0, require(audit::genesisHash(id))};
        std::vector<audit::ChainEntry> entries;
        {
            auto rows = require(database.query("SELECT seq, kind, at, body FROM chain_entry ORDER BY seq"));
            while (require(rows.next())) {
                const auto content = rows.integer(0) == seq ? body : rows.bytes(3);
                entries.push_back(require(audit::nextEntry(head, rows.text(1), rows.text(2), db::qt::viewOf(content))));
                head = {entries.back().seq, entries.back().hash};
            }
        }
        for (const auto& entry : entries) {
            require(database.execute("UPDATE chain_entry SET body = ?, prev_hash = ?, entry_hash = ? WHERE seq = ?",
                                     {db::qt::toQByteArray(entry.body), db::qt::toQByteArray(entry.previousHash),
                                      db::qt::toQByteArray(entry.hash), static_cast<qlonglong>(entry.seq)}));
        }
        require(database.execute("UPDATE chain_head SET hash = ?", {db::qt::toQByteArray(head.hash)}));
    });
}

} // namespace enroll::test

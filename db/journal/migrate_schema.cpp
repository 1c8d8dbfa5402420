#include "db/journal/migrate_schema.h"

#include "core/base/station_code.h"
#include "core/base/uuid.h"
#include "db/documents/journal_birth_document.h"
#include "db/journal/chain_store.h"
#include "db/journal/journal_copy.h"
#include "db/journal/schema.h"
#include "db/qt/values.h"

namespace enroll::db::journal {
namespace {

Result<void> giveIdentity(sqlite::Connection& database, UtcTime now)
{
    const auto id = makeUuidV7();
    TRY(database.execute("INSERT INTO meta(key, value) VALUES('journal_id', ?)", {QString::fromStdString(id)}));
    TRY_ASSIGN(const auto genesis, audit::genesisHash(id));
    TRY(database.execute("INSERT INTO chain_head(id, entries, hash) VALUES(1, 0, ?)", {qt::toQByteArray(genesis)}));

    TRY_ASSIGN(auto chain, ChainStore::load(database));
    TRY(chain.append(kJournalKind, now, documents::canonicalBytes(documents::JournalBirth{id})));
    return {};
}

/// Makes the tables, the id and the first entry in one transaction, so that nobody ever sees a half-made journal.
Result<void> makeJournal(sqlite::Connection& database, UtcTime now, SchemaSteps steps)
{
    TRY_ASSIGN(auto transaction, sqlite::Transaction::begin(database, sqlite::Transaction::Kind::Write));
    for (const auto& step : steps) {
        TRY(step.run(database));
    }
    TRY(setSchemaVersion(database, steps.back().version));
    TRY(giveIdentity(database, now));
    return transaction.commit();
}

Result<void> requireSchemaOf(sqlite::Connection& database, int version, SchemaSteps steps)
{
    TRY_ASSIGN(const auto difference, schemaDifference(database, version, steps));
    if (difference) {
        return makeError(StationCode::JournalAltered,
                         "the journal's schema is not that of version " + std::to_string(version) + ": " + *difference);
    }
    return {};
}

/// Error S-302 if the chain has grown since the copy was made: a copy that lacks entries is no way back.
Result<void> requireNothingWrittenSince(sqlite::Connection& database, const audit::ChainHead& copied)
{
    TRY_ASSIGN(const auto head, storedHead(database));
    if (head == copied) {
        return {};
    }
    return makeError(StationCode::JournalBusy,
                     "another program wrote to the journal while it was copied for the new version: close that program "
                     "and start again");
}

/// One step in one transaction. The schema is checked before it and after it: a step never starts from an altered
/// schema, and a faulty step is rolled back.
Result<void> runStep(sqlite::Connection& database, const SchemaStep& step, const audit::ChainHead& copied,
                     SchemaSteps steps)
{
    TRY_ASSIGN(auto transaction, sqlite::Transaction::begin(database, sqlite::Transaction::Kind::Write));
    TRY(requireNothingWrittenSince(database, copied));
    TRY(requireSchemaOf(database, step.version - 1, steps));
    TRY(step.run(database));
    TRY(setSchemaVersion(database, step.version));
    TRY(requireSchemaOf(database, step.version, steps));
    return transaction.commit();
}

} // namespace

Result<void> migrateSchema(sqlite::Connection& database, const std::filesystem::path& file, UtcTime now,
                           SchemaSteps steps)
{
    TRY_ASSIGN(const int found, schemaVersion(database));
    if (found == 0) {
        return makeJournal(database, now, steps);
    }
    if (found > steps.back().version) {
        return newerSchema(found, steps);
    }
    if (found == steps.back().version) {
        return {};
    }
    TRY(requireSchemaOf(database, found, steps));
    TRY_ASSIGN(const auto copied, storedHead(database));
    TRY(copyBeside(database, copyName(file, found, copied)));
    for (const auto& step : steps) {
        if (step.version > found) {
            TRY(runStep(database, step, copied, steps));
        }
    }
    return {};
}

} // namespace enroll::db::journal

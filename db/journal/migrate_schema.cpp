#include "db/journal/migrate_schema.h"

#include "core/base/uuid.h"
#include "db/documents/journal_birth_document.h"
#include "db/journal/chain_store.h"
#include "db/journal/schema.h"
#include "db/qt/values.h"
#include "db/sqlite/migrate_schema.h"

namespace enroll::db::journal {
namespace {

Result<void> giveIdentity(sqlite::Connection& database, UtcTime now)
{
    const auto id = makeUuidV7();
    TRY(database.execute("INSERT INTO meta(key, value) VALUES('journal_id', ?)", {qt::toQString(id)}));
    TRY_ASSIGN(const auto genesis, audit::genesisHash(id));
    TRY(database.execute("INSERT INTO chain_head(id, entries, hash) VALUES(1, 0, ?)", {qt::toQByteArray(genesis)}));

    TRY_ASSIGN(auto chain, ChainStore::load(database));
    TRY(chain.append(kJournalKind, now, documents::canonicalBytes(documents::JournalBirth{id})));
    return {};
}

} // namespace

Result<void> migrateSchema(sqlite::Connection& database, const std::filesystem::path& file, UtcTime now,
                           SchemaSteps steps)
{
    return sqlite::migrateSchema(database, file, journalSchema(), steps,
                                 [now](sqlite::Connection& empty) { return giveIdentity(empty, now); });
}

} // namespace enroll::db::journal

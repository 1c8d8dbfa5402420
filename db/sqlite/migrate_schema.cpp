#include "db/sqlite/migrate_schema.h"

#include "db/sqlite/birth_mark.h"
#include "db/sqlite/file_copy.h"

namespace enroll::db::sqlite {
namespace {

/// One transaction: a half-made file is never seen.
Result<void> makeFile(Connection& database, const std::filesystem::path& file, const SchemaKind& kind,
                      SchemaSteps steps, const std::function<Result<void>(Connection&)>& begin)
{
    TRY_ASSIGN(auto transaction, Transaction::begin(database, Transaction::Kind::Write));
    TRY_ASSIGN(const int meanwhile, kind.version(database));
    if (meanwhile != 0) {
        return {}; // another program was faster
    }
    if (wasBorn(file)) { // marks are written after the first transaction, and no other can be under way
        return lostFile(file, kind, "holds nothing any more");
    }
    for (const auto& step : steps) {
        TRY(step.run(database));
    }
    TRY(kind.setVersion(database, steps.back().version));
    if (begin) {
        TRY(begin(database));
    }
    return transaction.commit();
}

/// As fittingVersion(), in a transaction of its own.
Result<int> versionNow(Connection& database, const SchemaKind& kind, SchemaSteps steps)
{
    TRY_ASSIGN(const auto snapshot, Transaction::begin(database, Transaction::Kind::Snapshot));
    return fittingVersion(database, kind, steps);
}

/// The copy must hold all that the file holds when the first step begins.
Result<void> requireNothingWrittenSince(Connection& database, const SchemaKind& kind, const std::string& copied)
{
    TRY_ASSIGN(const auto mark, kind.contentMark(database));
    if (mark == copied) {
        return {};
    }
    return makeError(kind.codes.busy, database.fileName() + ": another program wrote to " + kind.name +
                                          " while it was copied for the new version: close that program and start "
                                          "again");
}

Result<void> runStep(Connection& database, const SchemaKind& kind, const SchemaStep& step, const std::string& copied,
                     SchemaSteps steps)
{
    TRY_ASSIGN(auto transaction, Transaction::begin(database, Transaction::Kind::Write));
    TRY(requireNothingWrittenSince(database, kind, copied));
    TRY(fittingVersion(database, kind, steps));
    TRY(step.run(database));
    TRY(kind.setVersion(database, step.version));
    TRY(fittingVersion(database, kind, steps));
    return transaction.commit();
}

Result<void> takeSteps(Connection& database, const std::filesystem::path& file, const SchemaKind& kind,
                       SchemaSteps steps, int found)
{
    TRY_ASSIGN(const auto copied, kind.contentMark(database));
    TRY(copyBeside(database, copyName(file, found, copied), kind.codes));
    for (const auto& step : steps) {
        if (step.version > found) {
            TRY(runStep(database, kind, step, copied, steps));
        }
    }
    return {};
}

} // namespace

Result<void> migrateSchema(Connection& database, const std::filesystem::path& file, const SchemaKind& kind,
                           SchemaSteps steps, const std::function<Result<void>(Connection&)>& begin)
{
    TRY_ASSIGN(const int found, versionNow(database, kind, steps));
    if (found == 0) {
        TRY(makeFile(database, file, kind, steps, begin));
    } else if (found < steps.back().version) {
        TRY(takeSteps(database, file, kind, steps, found));
    }
    return markBirth(database, file, kind);
}

} // namespace enroll::db::sqlite

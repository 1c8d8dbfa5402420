#include "db/sqlite/interruption.h"

#include <sqlite3.h>

namespace enroll::db::sqlite {
namespace {

/// True if the connection's SQLite is the one that this program is linked with.
Result<bool> isOwnLibrary(Connection& connection)
{
    TRY_ASSIGN(auto row, connection.query("SELECT sqlite_source_id()"));
    TRY_ASSIGN(const bool there, row.next());
    return there && row.text(0) == sqlite3_sourceid();
}

} // namespace

Interruption::Interruption(Statement unfinished, std::function<void()> interrupt, const std::stop_token& stop)
    : m_unfinished(std::move(unfinished)), m_onStop(stop, std::move(interrupt))
{}

Result<std::unique_ptr<Interruption>> Interruption::arm(Connection& connection, const std::stop_token& stop)
{
    TRY_ASSIGN(const bool callable, isOwnLibrary(connection));
    TRY_ASSIGN(auto unfinished, connection.query("SELECT 1 UNION ALL SELECT 2"));
    TRY(unfinished.next());
    auto* database = callable ? static_cast<sqlite3*>(connection.handle()) : nullptr;
    const auto interrupt = [database] {
        if (database != nullptr) {
            sqlite3_interrupt(database);
        }
    };
    return std::unique_ptr<Interruption>{new Interruption{std::move(unfinished), interrupt, stop}};
}

} // namespace enroll::db::sqlite

#include "db/journal/chain_row.h"

#include "db/qt/values.h"

namespace enroll::db::journal {
namespace {

bool isBlob(const sqlite::Statement& row, int column)
{
    return row.value(column).typeId() == QMetaType::QByteArray;
}

bool isText(const sqlite::Statement& row, int column)
{
    return row.value(column).typeId() == QMetaType::QString;
}

} // namespace

Result<sqlite::Statement> chainAfter(sqlite::Connection& database, std::int64_t seq)
{
    constexpr const char* kAll = "SELECT seq, kind, at, body, prev_hash, entry_hash FROM chain_entry NOT INDEXED"
                                 " ORDER BY seq";
    constexpr const char* kBehind = "SELECT seq, kind, at, body, prev_hash, entry_hash FROM chain_entry NOT INDEXED"
                                    " WHERE seq > ? ORDER BY seq";
    return seq == 0 ? database.query(kAll) : database.query(kBehind, {static_cast<qlonglong>(seq)});
}

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

} // namespace enroll::db::journal

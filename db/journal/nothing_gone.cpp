#include "db/journal/nothing_gone.h"

#include "db/journal/chain_store.h"
#include "db/journal/index_verifier.h"
#include "db/qt/values.h"

namespace enroll::db::journal {
namespace {

Result<std::int64_t> searchRows(sqlite::Connection& database)
{
    std::int64_t rows = 0;
    for (const auto& table : indexTables()) {
        TRY_ASSIGN(const auto counted, countOf(database, table.count));
        rows += counted;
    }
    return rows;
}

/// Of the entries behind entry \p seq, how many are of a kind without a search table.
Result<std::int64_t> entriesWithoutTable(sqlite::Connection& database, std::int64_t seq)
{
    std::string kinds;
    QVariantList values{static_cast<qlonglong>(seq)};
    for (const auto& table : indexTables()) {
        kinds += kinds.empty() ? "?" : ", ?";
        values.append(qt::toQString(table.kind));
    }
    return countOf(
        database,
        ("SELECT count(*) FROM chain_entry NOT INDEXED WHERE seq > ? AND kind NOT IN (" + kinds + ")").c_str(), values);
}

} // namespace

Result<std::optional<BadEntry>> NothingGone::verify(sqlite::Connection& database)
{
    using FirstBad = std::optional<BadEntry>;
    TRY_ASSIGN(const auto head, provenHead(database));
    TRY_ASSIGN(const auto rows, searchRows(database));
    const auto isWhole = [&](std::int64_t withoutRow) {
        if (head.entries - rows != withoutRow) {
            return false;
        }
        m_counted = head.entries;
        m_withoutRow = withoutRow;
        return true;
    };
    if (isWhole(m_withoutRow)) {
        return FirstBad{};
    }
    TRY_ASSIGN(const auto appended, entriesWithoutTable(database, m_counted));
    if (isWhole(m_withoutRow + appended)) {
        return FirstBad{};
    }
    TRY_ASSIGN(const auto entries, countOf(database, "SELECT count(*) FROM chain_entry NOT INDEXED"));
    if (entries != head.entries) {
        return FirstBad{BadEntry{0,
                                 "journal",
                                 {},
                                 "there are " + std::to_string(entries) + " entries, but its end has the number " +
                                     std::to_string(head.entries)}};
    }
    TRY_ASSIGN(auto firstBad, verifyRowCounts(database));
    if (!firstBad) {
        isWhole(head.entries - rows); // the journal is another one than was counted
    }
    return firstBad;
}

} // namespace enroll::db::journal

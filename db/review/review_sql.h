#pragma once

#include "core/base/clock.h"
#include "core/enrollment/one_off_destination.h"
#include "db/sqlite/connection.h"

#include <string>
#include <string_view>

namespace enroll::db::review {

/// True of an outbox entry `o` that counts: the one-off destination does so only where it is the record's only one.
#define ENROLL_OUTBOX_ENTRY_COUNTS                                                                                     \
    "(o.destination <> 'default' OR NOT EXISTS (SELECT 1 FROM outbox_entry other"                                      \
    " WHERE other.record_seq = o.record_seq AND other.destination <> 'default'))"
static_assert(std::string_view{enrollment::kOneOffDestination} == "default");

/// How far the record in row `r` (null where there is none) has come: rejected if any destination rejected it, else the
/// least advanced of its states. One column, NULL without a record.
#define ENROLL_RECORD_STATE_COLUMN                                                                                     \
    "(SELECT CASE WHEN r.seq IS NULL THEN NULL WHEN sum(o.state = 'rejected') > 0 THEN 'rejected'"                     \
    " WHEN count(*) = 0 OR sum(o.state = 'queued') > 0 THEN 'queued' WHEN sum(o.state = 'sent') > 0 THEN 'sent'"       \
    " ELSE 'accepted' END FROM outbox_entry o WHERE o.record_seq = r.seq"                                              \
    " AND " ENROLL_OUTBOX_ENTRY_COUNTS ") AS record_state"

/// A query grown from constant clauses; values are bound, never written into the text.
class FilteredSql {
public:
    explicit FilteredSql(const char* select) : m_text(select) {}

    FilteredSql& where(const char* clause, const QVariant& value)
    {
        m_text += m_values.isEmpty() ? " WHERE " : " AND ";
        m_text += clause;
        m_values.append(value);
        return *this;
    }
    FilteredSql& then(const char* clause)
    {
        m_text += clause;
        return *this;
    }
    FilteredSql& then(const char* clause, const QVariant& value)
    {
        m_values.append(value);
        return then(clause);
    }

    [[nodiscard]] Result<sqlite::Statement> run(sqlite::Connection& database) const
    {
        return database.query(m_text.c_str(), m_values);
    }

private:
    std::string m_text;
    QVariantList m_values;
};

inline QVariant timeValue(UtcTime time)
{
    return QVariant::fromValue(static_cast<qlonglong>(time.time_since_epoch().count()));
}

} // namespace enroll::db::review

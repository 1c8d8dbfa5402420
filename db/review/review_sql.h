#pragma once

#include "core/base/clock.h"
#include "core/enrollment/one_off_destination.h"
#include "db/journal/delivery_status.h"
#include "db/sqlite/connection.h"

#include <string>
#include <string_view>

namespace enroll::db::review {

/// SQL condition: the outbox entry `o` counts for its record. One for the one-off destination counts only if the record
/// has no other (see one_off_destination.h).
#define ENROLL_OUTBOX_ENTRY_COUNTS                                                                                     \
    "(o.destination <> 'default' OR NOT EXISTS (SELECT 1 FROM outbox_entry other"                                      \
    " WHERE other.record_seq = o.record_seq AND other.destination <> 'default'))"
static_assert(std::string_view{enrollment::kOneOffDestination} == "default");

/// SQL column record_state: the state of the record in row `r`, which may be null from an outer join, at all destinations
/// together() (enrollment_record.h); NULL without a record.
#define ENROLL_RECORD_STATE_COLUMN                                                                                     \
    "(SELECT CASE WHEN r.seq IS NULL THEN NULL WHEN sum(s.state = 'rejected') > 0 THEN 'rejected'"                     \
    " WHEN sum(s.state = 'set-aside') > 0 THEN 'set-aside'"                                                            \
    " WHEN count(*) = 0 OR sum(s.state = 'queued') > 0 THEN 'queued' WHEN sum(s.state = 'sent') > 0 THEN 'sent'"       \
    " ELSE 'accepted' END FROM (SELECT " ENROLL_OUTBOX_ENTRY_STATE " AS state FROM outbox_entry o"                     \
    " WHERE o.record_seq = r.seq AND " ENROLL_OUTBOX_ENTRY_COUNTS ") s) AS record_state"

/// A query built from constant clauses. Values are bound and never become part of the text: no SQL injection.
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

#pragma once

#include "core/base/bytes.h"
#include "core/base/secret_bytes.h"
#include "db/sqlite/sql_fault.h"

#include <QSqlQuery>
#include <QVariant>

namespace enroll::db::sqlite {

/// A prepared statement of one Connection, and the row it stands on; gone, with every lock it holds, when destroyed.
///
/// Values are bound as they are: an empty text or blob is one, also where Qt calls it null. Only an invalid QVariant
/// is NULL. Errors of every call: the connection's FaultCodes.
class Statement {
public:
    /// Binds \p values in order and executes from the start; next() steps to the first row.
    Result<void> run(const QVariantList& values = {});
    /// Steps to the next row; false after the last. A row that cannot be read is an error, not the end.
    Result<bool> next();
    /// Calls \p visit, a Result<void>(const Statement&), for every row there is still; stops at its first error.
    template <class Visit>
    Result<void> forEach(Visit visit);

    [[nodiscard]] QVariant value(int column) const { return m_query.value(column); }
    [[nodiscard]] bool isNull(int column) const { return m_query.value(column).isNull(); }
    [[nodiscard]] std::int64_t integer(int column) const { return m_query.value(column).toLongLong(); }
    [[nodiscard]] std::string text(int column) const { return m_query.value(column).toString().toStdString(); }
    [[nodiscard]] QByteArray bytes(int column) const { return m_query.value(column).toByteArray(); }
    /// Wipes the copy that Qt hands out.
    [[nodiscard]] SecretBytes secret(int column) const;
    [[nodiscard]] std::int64_t changedRows() const { return m_query.numRowsAffected(); }

private:
    friend class Connection;
    Statement(const QSqlDatabase& database, const FaultCodes& codes) : m_query(database), m_codes(codes)
    {
        m_query.setForwardOnly(true);
    }
    [[nodiscard]] Error fault() const;

    QSqlQuery m_query;
    FaultCodes m_codes;
};

template <class Visit>
Result<void> Statement::forEach(Visit visit)
{
    for (;;) {
        TRY_ASSIGN(const bool there, next());
        if (!there) {
            return {};
        }
        TRY(visit(*this));
    }
}

} // namespace enroll::db::sqlite

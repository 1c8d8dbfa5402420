#pragma once

#include "core/base/bytes.h"
#include "core/base/secret_bytes.h"
#include "db/sqlite/sql_fault.h"

#include <QSqlQuery>
#include <QVariant>

namespace enroll::db::sqlite {

/// A prepared statement of one Connection, and the row it stands on. The destructor ends it and releases its locks. It
/// must not outlive the connection.
///
/// An empty text or blob is bound as such, also where Qt calls it null; only an invalid QVariant is bound as NULL.
/// Every error has one of the connection's FaultCodes.
class Statement {
public:
    /// Binds \p values in order and executes the statement from the start; next() steps to the first row.
    Result<void> run(const QVariantList& values = {});
    /// Steps to the next row; false after the last. A row that cannot be read is an error, not the end.
    Result<bool> next();
    /// Calls \p visit, a Result<void>(const Statement&), for each further row; returns the first error of either.
    template <class Visit>
    Result<void> forEach(Visit visit);

    [[nodiscard]] QVariant value(int column) const { return m_query.value(column); }
    [[nodiscard]] bool isNull(int column) const { return m_query.value(column).isNull(); }
    [[nodiscard]] std::int64_t integer(int column) const { return m_query.value(column).toLongLong(); }
    [[nodiscard]] std::string text(int column) const { return m_query.value(column).toString().toStdString(); }
    [[nodiscard]] QByteArray bytes(int column) const { return m_query.value(column).toByteArray(); }
    /// A blob that is a secret. It is wiped in the row that Qt keeps: a second reading of the column gives zeros.
    [[nodiscard]] SecretBytes secret(int column) const;
    [[nodiscard]] std::int64_t changedRows() const { return m_query.numRowsAffected(); }

private:
    friend class Connection;
    Statement(const QSqlDatabase& database, const NamedFile& file) : m_query(database), m_file(&file)
    {
        m_query.setForwardOnly(true);
    }
    [[nodiscard]] Error fault() const;

    QSqlQuery m_query;
    const NamedFile* m_file; ///< the connection's
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

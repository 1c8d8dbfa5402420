#include "db/sqlite/statement.h"

#include "db/qt/values.h"

#include <QSqlError>

namespace enroll::db::sqlite {
namespace {

/// \p value with an empty text or byte array in place of a null one, which Qt would bind as NULL.
QVariant withoutNull(const QVariant& value)
{
    switch (value.typeId()) {
    case QMetaType::QByteArray:
        return value.toByteArray().isNull() ? QVariant{qt::toQByteArray(ByteView{})} : value;
    case QMetaType::QString:
        return value.toString().isNull() ? QVariant{qt::toQString({})} : value;
    default:
        return value;
    }
}

} // namespace

Result<void> Statement::run(const QVariantList& values)
{
    for (int i = 0; i < values.size(); ++i) {
        m_query.bindValue(i, withoutNull(values[i]));
    }
    return m_query.exec() ? Result<void>{} : fault();
}

Result<bool> Statement::next()
{
    if (m_query.next()) {
        return true;
    }
    return m_query.lastError().isValid() ? Result<bool>{fault()} : false;
}

SecretBytes Statement::secret(int column) const
{
    const auto value = m_query.value(column);
    const auto bytes = value.toByteArray();
    auto secret = SecretBytes::copyOf(qt::viewOf(bytes));
    // The bytes are shared with the row that Qt keeps, and changing them in the usual way would make a copy first.
    auto* shared = const_cast<char*>(bytes.constData()); // NOLINT(cppcoreguidelines-pro-type-const-cast)
    wipeMemory(std::as_writable_bytes(std::span{shared, static_cast<std::size_t>(bytes.size())}));
    return secret;
}

Error Statement::fault() const
{
    return sqlFault(m_query.lastError(), m_query.lastQuery().toStdString(), *m_file);
}

} // namespace enroll::db::sqlite

#include "db/qt/values.h"

#include <QFile>

namespace enroll::db::qt {

QString toQString(std::string_view utf8)
{
    return utf8.empty() ? QString{QLatin1String("")}
                        : QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QString toQPath(const std::filesystem::path& path)
{
    return QFile::decodeName(path.c_str());
}

QByteArray toQByteArray(std::string_view text)
{
    return text.empty() ? QByteArrayLiteral("") : QByteArray{text.data(), static_cast<qsizetype>(text.size())};
}

QByteArray toQByteArray(ByteView bytes)
{
    return toQByteArray(asText(bytes));
}

} // namespace enroll::db::qt

#pragma once

#include "core/base/bytes.h"

#include <QByteArray>
#include <QString>

#include <filesystem>
#include <string>
#include <string_view>

/// The domain's texts and bytes as Qt's, and back: the one place where the two meet.
namespace enroll::db::qt {

/// \p utf8 as Qt keeps it; what is no UTF-8 becomes U+FFFD. Never a null string, which Qt Sql would bind as NULL.
QString toQString(std::string_view utf8);
/// A path as Qt's file classes take it: encoded as they decode it, whatever its bytes are.
QString toQPath(const std::filesystem::path& path);

/// The bytes, copied. Never a null array, which Qt Sql would bind as NULL.
QByteArray toQByteArray(ByteView bytes);
/// The bytes of a text, copied. Never a null array.
QByteArray toQByteArray(std::string_view text);

/// The bytes of a Qt byte array, not copied.
inline ByteView viewOf(const QByteArray& bytes) noexcept
{
    return std::as_bytes(std::span{bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

} // namespace enroll::db::qt

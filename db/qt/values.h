#pragma once

#include "core/base/bytes.h"

#include <QByteArray>
#include <QString>

#include <filesystem>
#include <string>
#include <string_view>

/// Turns the texts and bytes of core/ into Qt's. In db a std::string becomes a QString here and nowhere else, so that no
/// null string is bound as NULL. The way back is QString::toStdString() and viewOf(). ui, which may not include db/qt, and
/// app bind nothing: there QString::fromStdString() does.
namespace enroll::db::qt {

/// \p utf8 as a QString; bytes that are not UTF-8 become U+FFFD. Never a null string, which Qt Sql would bind as NULL.
QString toQString(std::string_view utf8);
/// A path for Qt's file classes, in the encoding in which they decode it, so that any bytes survive.
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

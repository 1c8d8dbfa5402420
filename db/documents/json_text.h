#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>

#include <optional>

/// Between JSON text, JSON values and the values of the domain.
namespace enroll::db::documents {

/// Never a null string, which Qt Sql would bind as NULL.
QString toQString(std::string_view text);
QJsonValue base64Value(ByteView bytes);
QJsonValue hexValue(ByteView bytes);
/// null for an empty optional.
QJsonValue textOrNull(const std::optional<std::string>& text);
/// UTF-8, no white space, members in Unicode order: equal documents have equal bytes.
QByteArray canonicalJson(const QJsonObject& document);
/// Error S-332 unless the text is one JSON object.
Result<QJsonObject> parseJsonObject(const QByteArray& text);
/// Error S-332 unless the text is one JSON list.
Result<QJsonArray> parseJsonList(const QByteArray& text);

} // namespace enroll::db::documents

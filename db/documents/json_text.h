#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>

#include <optional>

/// Between JSON text, JSON values and the values of the domain. Nothing else turns text into JSON or JSON into text: what
/// every reader takes is decided here.
namespace enroll::db::documents {

QJsonValue base64Value(ByteView bytes);
QJsonValue hexValue(ByteView bytes);
/// null for an empty optional.
QJsonValue textOrNull(const std::optional<std::string>& text);
/// UTF-8, no white space, members in Unicode order: equal documents have equal bytes.
QByteArray canonicalJson(const QJsonObject& document);
QByteArray canonicalJson(const QJsonArray& list);
/// The document with line breaks and indentation, for people who read or edit it.
QByteArray readableJson(const QJsonObject& document);
QByteArray readableJson(const QJsonArray& list);

/// Error S-334 unless the text is one JSON object in UTF-8 and nothing behind it, at most 1024 levels deep. Of a name
/// that stands there twice the last value counts. How long a text may be is the business of whoever received it.
Result<QJsonObject> parseJsonObject(const QByteArray& text);
Result<QJsonObject> parseJsonObject(ByteView text);
/// parseJsonObject() for a text that is one JSON list.
Result<QJsonArray> parseJsonList(const QByteArray& text);

} // namespace enroll::db::documents

#include "db/documents/json_text.h"

#include "core/base/station_code.h"
#include "core/crypto/base64.h"
#include "db/qt/values.h"

#include <QJsonDocument>

namespace enroll::db::documents {

using qt::toQString;

namespace {

Result<QJsonDocument> parsed(const QByteArray& text)
{
    QJsonParseError fault{};
    auto document = QJsonDocument::fromJson(text, &fault);
    if (fault.error != QJsonParseError::NoError) {
        return makeError(StationCode::DocumentMalformed, "the text is not JSON: " + fault.errorString().toStdString() +
                                                             " at byte " + std::to_string(fault.offset));
    }
    return document;
}

} // namespace

QJsonValue base64Value(ByteView bytes)
{
    return toQString(crypto::toBase64(bytes));
}

QJsonValue hexValue(ByteView bytes)
{
    return toQString(toHex(bytes));
}

QJsonValue textOrNull(const std::optional<std::string>& text)
{
    return text ? QJsonValue{toQString(*text)} : QJsonValue{QJsonValue::Null};
}

QByteArray canonicalJson(const QJsonObject& document)
{
    return QJsonDocument{document}.toJson(QJsonDocument::Compact);
}

QByteArray canonicalJson(const QJsonArray& list)
{
    return QJsonDocument{list}.toJson(QJsonDocument::Compact);
}

QByteArray readableJson(const QJsonObject& document)
{
    return QJsonDocument{document}.toJson(QJsonDocument::Indented);
}

QByteArray readableJson(const QJsonArray& list)
{
    return QJsonDocument{list}.toJson(QJsonDocument::Indented);
}

Result<QJsonObject> parseJsonObject(const QByteArray& text)
{
    TRY_ASSIGN(const auto document, parsed(text));
    if (!document.isObject()) {
        return makeError(StationCode::DocumentMalformed, "the JSON text is not an object");
    }
    return document.object();
}

Result<QJsonObject> parseJsonObject(ByteView text)
{
    const auto view = asText(text);
    return parseJsonObject(QByteArray::fromRawData(view.data(), static_cast<qsizetype>(view.size())));
}

Result<QJsonArray> parseJsonList(const QByteArray& text)
{
    TRY_ASSIGN(const auto document, parsed(text));
    if (!document.isArray()) {
        return makeError(StationCode::DocumentMalformed, "the JSON text is not a list");
    }
    return document.array();
}

} // namespace enroll::db::documents

#include "db/documents/member_reader.h"

#include "core/base/station_code.h"
#include "core/crypto/base64.h"

#include <QJsonDocument>

#include <limits>

namespace enroll::db::documents {

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

Result<QJsonObject> parseJsonObject(const QByteArray& text)
{
    QJsonParseError fault{};
    const auto document = QJsonDocument::fromJson(text, &fault);
    if (fault.error != QJsonParseError::NoError) {
        return makeError(StationCode::InputInvalid,
                         "no JSON: " + fault.errorString().toStdString() + " at byte " + std::to_string(fault.offset));
    }
    if (!document.isObject()) {
        return makeError(StationCode::InputInvalid, "the JSON text is no object");
    }
    return document.object();
}

Error MemberReader::fault(const char* name, const std::string& why) const
{
    return makeError(StationCode::InputInvalid, pathOf(name) + ": " + why);
}

std::string MemberReader::pathOf(const char* name) const
{
    return m_path.empty() ? std::string{name} : m_path + "." + name;
}

QJsonValue MemberReader::member(const char* name) const
{
    return m_object.value(QLatin1String(name));
}

Result<std::string> MemberReader::text(const char* name) const
{
    const auto value = member(name);
    if (!value.isString()) {
        return fault(name, "is no text");
    }
    return value.toString().toStdString();
}

Result<std::optional<std::string>> MemberReader::textIfAny(const char* name) const
{
    if (member(name).isNull()) {
        return std::optional<std::string>{};
    }
    return std::optional{TRY(text(name))};
}

Result<std::int64_t> MemberReader::integer(const char* name) const
{
    // QJsonValue gives its default for what is no integer; two different defaults tell the two cases apart.
    const auto value = member(name);
    if (!value.isDouble() || value.toInteger(0) != value.toInteger(1)) {
        return fault(name, "is no whole number");
    }
    return value.toInteger();
}

Result<std::uint64_t> MemberReader::count(const char* name) const
{
    TRY_ASSIGN(const auto value, integer(name));
    if (value < 0) {
        return fault(name, "is negative");
    }
    return static_cast<std::uint64_t>(value);
}

Result<std::chrono::milliseconds> MemberReader::milliseconds(const char* name) const
{
    return std::chrono::milliseconds{TRY(integer(name))};
}

Result<double> MemberReader::number(const char* name) const
{
    const auto value = member(name);
    if (!value.isDouble()) {
        return fault(name, "is no number");
    }
    return value.toDouble();
}

Result<bool> MemberReader::truth(const char* name) const
{
    const auto value = member(name);
    if (!value.isBool()) {
        return fault(name, "is neither true nor false");
    }
    return value.toBool();
}

Result<Bytes> MemberReader::base64(const char* name) const
{
    auto bytes = crypto::fromBase64(TRY(text(name)));
    if (!bytes) {
        return fault(name, bytes.error().what);
    }
    return bytes;
}

Result<Bytes> MemberReader::hex(const char* name) const
{
    auto bytes = fromHex(TRY(text(name)));
    if (!bytes) {
        return fault(name, bytes.error().what);
    }
    return bytes;
}

Result<UtcTime> MemberReader::time(const char* name) const
{
    auto moment = fromIso8601(TRY(text(name)));
    if (!moment) {
        return fault(name, moment.error().what);
    }
    return moment;
}

Result<MemberReader> MemberReader::object(const char* name) const
{
    const auto value = member(name);
    if (!value.isObject()) {
        return fault(name, "is no object");
    }
    return MemberReader{value.toObject(), pathOf(name)};
}

Result<std::optional<MemberReader>> MemberReader::objectIfAny(const char* name) const
{
    if (member(name).isNull()) {
        return std::optional<MemberReader>{};
    }
    return std::optional{TRY(object(name))};
}

Result<std::vector<MemberReader>> MemberReader::objects(const char* name) const
{
    const auto value = member(name);
    if (!value.isArray()) {
        return fault(name, "is no list");
    }
    std::vector<MemberReader> all;
    const auto list = value.toArray();
    for (const auto& item : list) {
        auto path = pathOf(name) + "[" + std::to_string(all.size()) + "]";
        if (!item.isObject()) {
            return makeError(StationCode::InputInvalid, path + ": is no object");
        }
        all.emplace_back(item.toObject(), std::move(path));
    }
    return all;
}

Result<void> MemberReader::requireSchema(std::string_view schema) const
{
    TRY_ASSIGN(const auto found, text("schema"));
    if (found != schema) {
        return fault("schema", "'" + found + "' is not " + std::string{schema});
    }
    return {};
}

} // namespace enroll::db::documents

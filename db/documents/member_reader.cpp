#include "db/documents/member_reader.h"

#include "core/base/station_code.h"
#include "core/crypto/base64.h"

#include <algorithm>
#include <charconv>

namespace enroll::db::documents {
namespace {

constexpr std::size_t kMostOfAWord = 40; ///< quoted in a refusal; the rest is cut

/// The number behind \p kind and a slash in \p schema; 0 if it is not of this kind.
int versionIn(std::string_view schema, std::string_view kind)
{
    if (!schema.starts_with(kind) || schema.size() <= kind.size() || schema[kind.size()] != '/') {
        return 0;
    }
    const auto* last = schema.data() + schema.size();
    int version = 0;
    const auto parsed = std::from_chars(schema.data() + kind.size() + 1, last, version);
    return parsed.ec == std::errc{} && parsed.ptr == last ? version : 0;
}

} // namespace

Error MemberReader::fault(const char* name, const std::string& why) const
{
    return makeError(StationCode::DocumentMalformed, pathOf(name) + " " + why);
}

Error MemberReader::unknownWord(const char* name, const std::string& word, const std::string& known) const
{
    return fault(name, "is '" + word.substr(0, kMostOfAWord) + "'; known words are " + known);
}

std::string MemberReader::pathOf(const char* name) const
{
    return m_path.empty() ? std::string{name} : m_path + "." + name;
}

QJsonValue MemberReader::member(const char* name) const
{
    if (m_remarks != nullptr) {
        m_asked.emplace_back(name);
    }
    return m_object.value(QLatin1String(name));
}

void MemberReader::remark(const char* name, const std::string& what) const
{
    if (m_remarks != nullptr) {
        m_remarks->places.push_back(pathOf(name) + " " + what);
    }
}

void MemberReader::remarkOthers() const
{
    if (m_remarks == nullptr) {
        return;
    }
    for (auto member = m_object.begin(); member != m_object.end(); ++member) {
        const auto name = member.key().toStdString();
        if (std::ranges::find(m_asked, name) == m_asked.end()) {
            remark(name.c_str(), "is a member that this program does not know");
        }
    }
}

bool MemberReader::isAbsent(const char* name) const
{
    const auto value = member(name);
    return value.isNull() || value.isUndefined();
}

Result<std::string> MemberReader::text(const char* name) const
{
    const auto value = member(name);
    if (!value.isString()) {
        return fault(name, "is not a text");
    }
    return value.toString().toStdString();
}

Result<std::optional<std::string>> MemberReader::textIfAny(const char* name) const
{
    if (isAbsent(name)) {
        return std::optional<std::string>{};
    }
    TRY_ASSIGN(auto found, text(name));
    return std::optional{std::move(found)};
}

Result<std::int64_t> MemberReader::integer(const char* name) const
{
    // QJsonValue gives its default for what is no integer; two different defaults tell the two cases apart.
    const auto value = member(name);
    if (!value.isDouble() || value.toInteger(0) != value.toInteger(1)) {
        return fault(name, "is not a whole number");
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
    TRY_ASSIGN(const auto value, integer(name));
    return std::chrono::milliseconds{value};
}

Result<double> MemberReader::number(const char* name) const
{
    const auto value = member(name);
    if (!value.isDouble()) {
        return fault(name, "is not a number");
    }
    return value.toDouble();
}

Result<bool> MemberReader::boolean(const char* name) const
{
    const auto value = member(name);
    if (!value.isBool()) {
        return fault(name, "is neither true nor false");
    }
    return value.toBool();
}

Result<Bytes> MemberReader::base64(const char* name) const
{
    TRY_ASSIGN(const auto digits, text(name));
    auto bytes = crypto::fromBase64(digits);
    return bytes ? std::move(bytes) : fault(name, "is not base64: " + bytes.error().what);
}

Result<Bytes> MemberReader::hex(const char* name) const
{
    TRY_ASSIGN(const auto digits, text(name));
    auto bytes = fromHex(digits);
    return bytes ? std::move(bytes) : fault(name, "is not hexadecimal: " + bytes.error().what);
}

Result<UtcTime> MemberReader::time(const char* name) const
{
    TRY_ASSIGN(const auto digits, text(name));
    auto moment = fromIso8601(digits);
    return moment ? std::move(moment) : fault(name, "is not a UTC time: " + moment.error().what);
}

Result<std::optional<UtcTime>> MemberReader::timeIfAny(const char* name) const
{
    if (isAbsent(name)) {
        return std::optional<UtcTime>{};
    }
    TRY_ASSIGN(const auto moment, time(name));
    return std::optional{moment};
}

Result<QJsonObject> MemberReader::json(const char* name) const
{
    const auto value = member(name);
    if (!value.isObject()) {
        return fault(name, "is not an object");
    }
    return value.toObject();
}

Result<MemberReader> MemberReader::object(const char* name) const
{
    TRY_ASSIGN(auto found, json(name));
    return MemberReader{std::move(found), m_remarks, pathOf(name)};
}

Result<std::optional<MemberReader>> MemberReader::objectIfAny(const char* name) const
{
    if (isAbsent(name)) {
        return std::optional<MemberReader>{};
    }
    TRY_ASSIGN(auto found, object(name));
    return std::optional{std::move(found)};
}

Result<QJsonArray> MemberReader::list(const char* name) const
{
    const auto value = member(name);
    if (!value.isArray()) {
        return fault(name, "is not a list");
    }
    return value.toArray();
}

Result<std::vector<MemberReader>> MemberReader::objects(const char* name) const
{
    TRY_ASSIGN(const auto items, list(name));
    return readersOf(items, m_remarks, pathOf(name));
}

Result<std::vector<MemberReader>> MemberReader::readersOf(const QJsonArray& list, NotUnderstood* remarks,
                                                          const std::string& path)
{
    std::vector<MemberReader> all;
    for (const auto& item : list) {
        auto itemPath = path + "[" + std::to_string(all.size()) + "]";
        if (!item.isObject()) {
            return makeError(StationCode::DocumentMalformed, itemPath + " is not an object");
        }
        all.push_back(MemberReader{item.toObject(), remarks, std::move(itemPath)});
    }
    return all;
}

Result<std::vector<std::string>> MemberReader::texts(const char* name) const
{
    TRY_ASSIGN(const auto items, list(name));
    std::vector<std::string> all;
    for (const auto& item : items) {
        if (!item.isString()) {
            return makeError(StationCode::DocumentMalformed,
                             pathOf(name) + "[" + std::to_string(all.size()) + "] is not a text");
        }
        all.push_back(item.toString().toStdString());
    }
    return all;
}

std::string MemberReader::looseText(const char* name) const
{
    auto found = text(name);
    return found ? std::move(found).value() : std::string{};
}

int MemberReader::looseInteger(const char* name) const
{
    const auto found = integerAs<int>(name);
    return found ? *found : 0;
}

MemberReader MemberReader::looseObject(const char* name) const
{
    auto found = object(name);
    return found ? std::move(found).value() : MemberReader{{}, m_remarks, pathOf(name)};
}

Result<int> MemberReader::version(std::string_view kind) const
{
    TRY_ASSIGN(const auto found, text("schema"));
    const int version = versionIn(found, kind);
    if (version < 1) {
        return fault("schema", "is '" + found + "', not a version of " + std::string{kind});
    }
    return version;
}

bool MemberReader::isOfVersionUpTo(std::string_view schema) const
{
    const auto kind = schema.substr(0, schema.rfind('/'));
    const auto found = version(kind);
    return found.ok() && *found <= versionIn(schema, kind);
}

} // namespace enroll::db::documents

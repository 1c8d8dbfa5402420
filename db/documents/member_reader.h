#pragma once

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "db/qt/values.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>

#include <initializer_list>
#include <optional>
#include <utility>

namespace enroll::db::documents {

using qt::toQString;
QJsonValue base64Value(ByteView bytes);
QJsonValue hexValue(ByteView bytes);
/// null for an empty optional.
QJsonValue textOrNull(const std::optional<std::string>& text);
/// UTF-8, no white space, members in Unicode order: equal documents have equal bytes.
QByteArray canonicalJson(const QJsonObject& document);
/// Error S-332 unless the text is one JSON object.
Result<QJsonObject> parseJsonObject(const QByteArray& text);

/// Reads members of a document that must be there and of their type; knows its own path for the refusals.
/// Every call: Error S-332 with the path of the member that is wrong.
class MemberReader {
public:
    explicit MemberReader(QJsonObject object, std::string path = {})
        : m_object(std::move(object)), m_path(std::move(path))
    {}

    Result<std::string> text(const char* name) const;
    Result<std::optional<std::string>> textIfAny(const char* name) const;
    Result<std::int64_t> integer(const char* name) const;
    Result<std::uint64_t> count(const char* name) const;
    /// A whole number that \p Number holds.
    template <class Number>
    Result<Number> integerAs(const char* name) const
    {
        TRY_ASSIGN(const auto value, integer(name));
        if (!std::in_range<Number>(value)) {
            return fault(name, "is out of range");
        }
        return static_cast<Number>(value);
    }
    Result<std::chrono::milliseconds> milliseconds(const char* name) const;
    Result<double> number(const char* name) const;
    Result<bool> truth(const char* name) const;
    Result<Bytes> base64(const char* name) const;
    Result<Bytes> hex(const char* name) const;
    Result<UtcTime> time(const char* name) const;
    Result<MemberReader> object(const char* name) const;
    Result<std::optional<MemberReader>> objectIfAny(const char* name) const;
    Result<std::vector<MemberReader>> objects(const char* name) const;
    Result<void> requireSchema(std::string_view schema) const;

    /// The one of \p words whose text the member has.
    template <class Word>
    Result<Word> word(const char* name, std::initializer_list<Word> words, std::string_view (*textOf)(Word)) const
    {
        TRY_ASSIGN(const auto found, text(name));
        for (const auto candidate : words) {
            if (textOf(candidate) == found) {
                return candidate;
            }
        }
        return fault(name, "'" + found + "' is none of its words");
    }

    [[nodiscard]] Error fault(const char* name, const std::string& why) const;

private:
    [[nodiscard]] std::string pathOf(const char* name) const;
    [[nodiscard]] QJsonValue member(const char* name) const;

    QJsonObject m_object;
    std::string m_path;
};

} // namespace enroll::db::documents

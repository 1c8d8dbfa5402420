#pragma once

#include "core/base/clock.h"
#include "core/base/word.h"
#include "db/documents/json_text.h"
#include "db/documents/not_understood.h"

namespace enroll::db::documents {

/// The one way to read a JSON object: members by name, each of a type, and the member's whole path in every refusal
/// ("steps[3].outcome is 'x'; known words are ok, finding, failed, skipped").
///
/// A member that is absent equals one that is null. Every call that can fail: Error S-334. What a newer program wrote
/// and this one does not know is no failure: it goes into the NotUnderstood that the reader was made with.
class MemberReader {
public:
    explicit MemberReader(QJsonObject object) : MemberReader(std::move(object), nullptr, {}) {}
    /// \p remarks outlives the reader and all readers made from it.
    MemberReader(QJsonObject object, NotUnderstood& remarks) : MemberReader(std::move(object), &remarks, {}) {}
    /// A reader for each object of a text that is a list, with paths such as "[2].name".
    static Result<std::vector<MemberReader>> listOf(const QJsonArray& list) { return readersOf(list, nullptr, {}); }

    /// True for an object without members.
    [[nodiscard]] bool isEmpty() const { return m_object.isEmpty(); }
    /// True for a member that is absent or null.
    [[nodiscard]] bool isAbsent(const char* name) const;
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
    Result<bool> boolean(const char* name) const;
    Result<Bytes> base64(const char* name) const;
    Result<Bytes> hex(const char* name) const;
    Result<UtcTime> time(const char* name) const;
    Result<std::optional<UtcTime>> timeIfAny(const char* name) const;
    Result<MemberReader> object(const char* name) const;
    Result<std::optional<MemberReader>> objectIfAny(const char* name) const;
    /// An object that is kept as it stands.
    Result<QJsonObject> json(const char* name) const;
    Result<std::vector<MemberReader>> objects(const char* name) const;
    Result<std::vector<std::string>> texts(const char* name) const;

    // What other programs answer is read for what it says: a member of another form says as little as an absent one.
    /// "" unless the member is a text.
    [[nodiscard]] std::string looseText(const char* name) const;
    /// 0 unless the member is a whole number that an int holds.
    [[nodiscard]] int looseInteger(const char* name) const;
    /// Of an object without members unless the member is an object.
    [[nodiscard]] MemberReader looseObject(const char* name) const;

    /// The one of \p words whose text the member has, or an unknown word, with a remark.
    template <class Known>
    Result<Word<Known>> word(const char* name, std::span<const std::type_identity_t<Known>> words,
                             std::string_view (*textOf)(Known) noexcept) const
    {
        TRY_ASSIGN(const auto found, text(name));
        return noted(name, wordFromText(found, words, textOf));
    }
    /// The one of \p words whose text the member has. Another word, which the caller could not keep, is an error that lists
    /// the words.
    template <class Known, std::size_t N>
    Result<Known> knownWord(const char* name, const std::array<Known, N>& words,
                            std::string_view (*textOf)(Known) noexcept) const
    {
        TRY_ASSIGN(const auto found, text(name));
        std::string list;
        for (const auto word : words) {
            if (textOf(word) == found) {
                return word;
            }
            list += (list.empty() ? "" : ", ") + std::string{textOf(word)};
        }
        return unknownWord(name, found, list);
    }
    /// Passes \p word on; a remark if it is unknown.
    template <class Known>
    Word<Known> noted(const char* name, Word<Known> word) const
    {
        if (const auto* text = word.unknownText()) {
            remark(name, "is '" + *text + "'");
        }
        return word;
    }

    /// The version of the document, whose schema must be \p kind, a slash and a number from 1 on.
    Result<int> version(std::string_view kind) const;
    /// True if the document is of the kind that \p schema names and of its version or an older one.
    [[nodiscard]] bool isOfVersionUpTo(std::string_view schema) const;

    /// A remark for each member that nobody asked for until now: the last call of whoever reads the object.
    void remarkOthers() const;
    void remark(const char* name, const std::string& what) const;

    [[nodiscard]] Error fault(const char* name, const std::string& why) const;

private:
    MemberReader(QJsonObject object, NotUnderstood* remarks, std::string path)
        : m_object(std::move(object)), m_remarks(remarks), m_path(std::move(path))
    {}
    static Result<std::vector<MemberReader>> readersOf(const QJsonArray& list, NotUnderstood* remarks,
                                                       const std::string& path);
    [[nodiscard]] std::string pathOf(const char* name) const;
    [[nodiscard]] QJsonValue member(const char* name) const;
    Result<QJsonArray> list(const char* name) const;
    [[nodiscard]] Error unknownWord(const char* name, const std::string& word, const std::string& known) const;

    QJsonObject m_object;
    NotUnderstood* m_remarks;
    std::string m_path;
    mutable std::vector<std::string_view> m_asked; ///< names are literals; kept only where remarks are wanted
};

/// The reader of one version of a kind of document.
template <class Value>
struct VersionReader {
    int version;
    Result<Value> (*read)(const MemberReader& reader);
};

/// Reads a document with the reader of its version. A version newer than all of \p readers, which ascend, is read with
/// the newest as far as that goes, with a remark. Error S-334 if the document is of another kind or cannot be read.
template <class Value, std::size_t N>
Result<Value> readByVersion(const MemberReader& reader, std::string_view kind,
                            const std::array<VersionReader<Value>, N>& readers)
{
    TRY_ASSIGN(const int version, reader.version(kind));
    for (const auto& candidate : readers) {
        if (candidate.version == version) {
            return candidate.read(reader);
        }
    }
    reader.remark("schema", "is version " + std::to_string(version));
    return readers.back().read(reader);
}

} // namespace enroll::db::documents

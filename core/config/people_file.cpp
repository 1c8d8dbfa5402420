#include "core/config/people_file.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/base/written_text.h"
#include "core/config/toml_fields.h"
#include "core/system/durable_file.h"
#include "core/system/file_lock.h"
#include "core/system/regular_file.h"
#include "core/system/secret_file.h"

#include <algorithm>

namespace enroll::config {
namespace {

namespace fs = std::filesystem;
using enrollment::People;
using enrollment::Person;
using enrollment::SecretHash;

constexpr std::size_t kLongestFile = std::size_t{1024} * 1024;
constexpr std::size_t kLongestText = 64;
constexpr auto kWaitsForOthers = std::chrono::seconds{5};

bool isPersonText(std::string_view text)
{
    return !text.empty() && text.size() <= kLongestText && printableText(text) == text &&
           text.find_first_of("\"\\") == std::string_view::npos;
}

Result<void> readHex(const Fields& section, std::string_view key, std::size_t size, Bytes& target)
{
    std::string text;
    TRY(section.read(key, text, "copy what `enrollctl people add` writes"));
    auto bytes = fromHex(text);
    if (!bytes.ok() || bytes->size() != size) {
        return section.errorAt(key, "must be " + std::to_string(2 * size) + " hexadecimal digits");
    }
    target = std::move(bytes).value();
    return {};
}

Result<SecretHash> readHash(const Fields& section)
{
    constexpr int kMost = 1 << 20;
    SecretHash hash;
    TRY(section.allowOnly({"n", "r", "p", "salt", "hash"}));
    TRY(section.read("n", hash.cost.n, 1, kMost));
    TRY(section.read("r", hash.cost.r, 1, kMost));
    TRY(section.read("p", hash.cost.p, 1, kMost));
    if (!crypto::isAcceptable(hash.cost)) {
        return section.errorAt("n", "makes, with r and p, a cost of scrypt that this program does not take");
    }
    TRY(readHex(section, "salt", enrollment::kSaltSize, hash.salt));
    TRY(readHex(section, "hash", enrollment::kHashSize, hash.hash));
    return hash;
}

Result<Person> readPerson(const Fields& section)
{
    TRY(section.allowOnly({"id", "name", "role", "badge", "pin"}));
    for (const auto* key : {"id", "name", "role", "badge"}) {
        if (!section.has(key)) {
            return section.errorAt(key, "is missing");
        }
    }
    Person person;
    std::string id;
    TRY(section.read("id", id));
    TRY(section.read("name", person.name));
    for (const auto& [key, text] : {std::pair{"id", &id}, std::pair{"name", &person.name}}) {
        if (!isPersonText(*text)) {
            return section.errorAt(key, "must have 1 to 64 characters, no quote and no backslash");
        }
    }
    person.id = enrollment::OperatorId{std::move(id)};
    TRY(section.readChoice<enrollment::Role>("role", person.role, choicesOf(enrollment::kRoleWords)));
    TRY_ASSIGN(const auto badge, section.table("badge"));
    TRY_ASSIGN(person.badge, readHash(badge));
    if (section.has("pin")) {
        TRY_ASSIGN(const auto pin, section.table("pin"));
        TRY_ASSIGN(person.pin, readHash(pin));
    }
    return person;
}

std::string hashText(const SecretHash& of)
{
    return "{ n = " + std::to_string(of.cost.n) + ", r = " + std::to_string(of.cost.r) +
           ", p = " + std::to_string(of.cost.p) + ", salt = \"" + toHex(of.salt) + "\", hash = \"" + toHex(of.hash) +
           "\" }";
}

Result<std::optional<People>> readFile(const fs::path& file)
{
    TRY_ASSIGN(const bool there, system::fileIsThere(file));
    if (!there) {
        return std::optional<People>{};
    }
    TRY_ASSIGN(const auto text, system::readSecretFile(file, kLongestFile));
    TRY_ASSIGN(auto people, parsePeople(asText(text.view()), file.string()));
    return std::optional{std::move(people)};
}

} // namespace

fs::path peopleFile(const fs::path& dataDirectory)
{
    return dataDirectory / "people.toml";
}

Result<std::optional<People>> readPeople(const fs::path& dataDirectory)
{
    return readFile(peopleFile(dataDirectory));
}

Result<People> parsePeople(std::string_view text, const std::string& origin)
{
    TRY_ASSIGN(const auto document, parseToml(text, origin));
    const Fields top{document, "", origin};
    TRY(requireSchemaOne(top));
    TRY(top.allowOnly({"schema", "person"}));
    TRY_ASSIGN(const auto sections, top.tables("person"));
    People people;
    for (const auto& section : sections) {
        TRY_ASSIGN(auto person, readPerson(section));
        if (std::ranges::find(people, person.id, &Person::id) != people.end()) {
            return section.errorAt("id", "is " + quotedText(person.id.text()) + " twice");
        }
        people.push_back(std::move(person));
    }
    return people;
}

std::string peopleText(const People& people)
{
    std::string text =
        "# Who may work at this station. Written by `enrollctl people`: hashes of badges and PINs, never the codes.\n"
        "schema = 1\n";
    for (const auto& person : people) {
        text += "\n[[person]]\nid = \"" + person.id.text() + "\"\nname = \"" + person.name + "\"\nrole = \"" +
                std::string{wordOf(person.role)} + "\"\nbadge = " + hashText(person.badge) + "\n";
        if (person.pin) {
            text += "pin = " + hashText(*person.pin) + "\n";
        }
    }
    return text;
}

Result<void> requirePersonText(std::string_view what, std::string_view text)
{
    return isPersonText(text) ? Result<void>{}
                              : Result<void>{makeError(
                                    StationCode::UsageInvalid,
                                    std::string{what} + ": must have 1 to 64 characters, no quote and no backslash")};
}

Result<void> changePeople(const fs::path& dataDirectory, const std::function<Result<void>(People&)>& change)
{
    const auto file = peopleFile(dataDirectory);
    TRY_ASSIGN(const auto lock,
               system::FileLock::acquire(dataDirectory / "people.lock", Deadline::in(kWaitsForOthers)));
    TRY_ASSIGN(auto known, readFile(file));
    auto people = std::move(known).value_or(People{});
    TRY(change(people));
    return system::writeDurably(file, asBytes(peopleText(people)), system::FileMode::OwnerOnly);
}

} // namespace enroll::config

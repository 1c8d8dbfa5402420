#include "app/enrollctl/commands.h"
#include "app/enrollctl/kept_act.h"
#include "app/enrollctl/operator_option.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/base/written_text.h"
#include "core/config/people_file.h"
#include "core/enrollment/pin.h"
#include "core/station/scan_text.h"
#include "core/system/secret_line.h"
#include "db/journal/open_journal.h"

#include <QJsonArray>

#include <algorithm>
#include <unistd.h>

namespace enroll::app::enrollctl {
namespace {

using enrollment::People;
using enrollment::Person;

struct NewPerson {
    std::string id;
    std::string name;
    std::string role{wordOf(enrollment::Role::Technician)};
};

Error misused(std::string what)
{
    return makeError(StationCode::UsageInvalid, std::move(what));
}

Result<void> requireFreeId(const People& people, const enrollment::OperatorId& id)
{
    if (std::ranges::find(people, id, &Person::id) != people.end()) {
        return misused("--id: " + quotedText(id.text()) + " is taken: `enrollctl people remove` frees it");
    }
    return {};
}

Result<enrollment::Role> roleOf(const std::string& word)
{
    std::vector<std::string_view> words;
    for (const auto& [known, role] : enrollment::kRoleWords) {
        if (known == word) {
            return role;
        }
        words.push_back(known);
    }
    return misused("--role: " + quotedText(word) + " is none of " + joinedInQuotes(words));
}

/// What is wrong before anybody is asked for a badge.
Result<void> requireRoomFor(const NewPerson& wanted, const config::StationConfig& station)
{
    constexpr auto kBadge = enrollment::CodeKind::Badge;
    if (!station.scanner.patterns.has(kBadge)) {
        return makeError(StationCode::ConfigurationInvalid, station.file.string() + ": " + keyOf(kBadge) +
                                                                " is missing, so that no code is a badge: say there "
                                                                "what the codes of badges look like");
    }
    TRY_ASSIGN(const auto known, config::readPeople(station.dataDirectory));
    return known ? requireFreeId(*known, enrollment::OperatorId{wanted.id}) : Result<void>{};
}

/// The code of a badge from a scanner, a keyboard or a pipe: as the station will take it out of a scan.
Result<SecretBytes> readBadge(const config::StationConfig& station, Context& context)
{
    constexpr std::size_t kMostOfALine = 128;
    constexpr auto kPatience = std::chrono::minutes{2};
    context.output.progress("Scan the badge, or enter its code and press Return. Nothing of it is shown.");
    TRY_ASSIGN(const auto line, system::readSecretLine(STDIN_FILENO, kMostOfALine, kPatience, context.stop));
    TRY_ASSIGN(auto read, station::codeIn(asText(line.view()), station.scanner.prefix));
    auto badge = SecretBytes::copyOf(asBytes(read.code));
    const auto& patterns = station.scanner.patterns;
    const bool fits = patterns.fits(enrollment::CodeKind::Badge, read.code);
    wipeMemory(std::as_writable_bytes(std::span{read.code}));
    if (!fits) {
        return misused("the code does not fit " + keyOf(enrollment::CodeKind::Badge) + " (" +
                       station.origins.at(keyOf(enrollment::CodeKind::Badge)) + ")");
    }
    return badge;
}

std::string whyNoPin(enrollment::PinFault fault)
{
    switch (fault) {
    case enrollment::PinFault::Length:
        return "must have " + std::to_string(enrollment::kShortestPin) + " to " +
               std::to_string(enrollment::kLongestPin) + " digits";
    case enrollment::PinFault::Digits:
        return "must have digits alone";
    case enrollment::PinFault::Obvious:
        break;
    }
    return "is one that everybody tries first, such as 0000, 1234 or 1212: choose another";
}

/// A PIN from a terminal, where nobody sees it and it is entered twice, or from a pipe.
Result<SecretBytes> readPin(Context& context)
{
    constexpr std::size_t kMostOfALine = 128;
    constexpr auto kPatience = std::chrono::minutes{2};
    const auto read = [&context, kPatience](const char* wanted) {
        context.output.progress(wanted);
        return system::readSecretLine(STDIN_FILENO, kMostOfALine, kPatience, context.stop);
    };
    TRY_ASSIGN(auto pin, read("Enter the PIN and press Return. Nothing of it is shown."));
    if (const auto fault = enrollment::faultOfPin(pin.view())) {
        return misused("the PIN " + whyNoPin(*fault));
    }
    if (::isatty(STDIN_FILENO) == 1) {
        TRY_ASSIGN(const auto again, read("Enter it once more."));
        if (!equalInConstantTime(pin.view(), again.view())) {
            return misused("the two PINs differ; nothing was changed");
        }
    }
    return pin;
}

QJsonObject documentOf(const Person& person)
{
    return {{QStringLiteral("id"), QString::fromStdString(person.id.text())},
            {QStringLiteral("name"), QString::fromStdString(person.name)},
            {QStringLiteral("role"),
             QString::fromUtf8(wordOf(person.role).data(), static_cast<qsizetype>(wordOf(person.role).size()))},
            {QStringLiteral("pin"), person.pin.has_value()}};
}

std::string lineOf(const Person& person)
{
    return person.id.text() + "  " + person.name + "  " + std::string{wordOf(person.role)} +
           (person.pin ? "  with a PIN\n" : "\n");
}

void show(const People& people, const std::string& text, Context& context)
{
    QJsonArray list;
    for (const auto& person : people) {
        list.append(documentOf(person));
    }
    context.output.result(
        {{QStringLiteral("schema"), QStringLiteral("enrollment-station/people/1")}, {QStringLiteral("people"), list}},
        text);
}

Result<void> takeIn(People& people, Person person, const SecretBytes& badge)
{
    TRY(requireFreeId(people, person.id));
    TRY_ASSIGN(const auto owner, whoseBadge(badge, people));
    if (owner) {
        return misused("the badge is that of " + quotedText(owner->id.text()) + " already");
    }
    TRY_ASSIGN(person.badge, hashForBadge(badge, people));
    people.push_back(std::move(person));
    return {};
}

/// Before the people are written: nothing is done to them that nobody recorded.
Result<void> keepActOn(const Person& person, station::ActKind what, const config::StationConfig& station,
                       Context& context)
{
    auto act = actOfCommand(what, station);
    act.person = person.id;
    return keepAct(act, station, context.output);
}

Result<ExitCode> add(const NewPerson& wanted, Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY(config::requirePersonText("--id", wanted.id));
    TRY(config::requirePersonText("--name", wanted.name));
    TRY(requireNoBadge("--id", wanted.id, station));
    TRY(requireNoBadge("--name", wanted.name, station));
    TRY_ASSIGN(const auto role, roleOf(wanted.role));
    TRY(requireKeepsActs(station));
    TRY(requireRoomFor(wanted, station));
    TRY_ASSIGN(const auto badge, readBadge(station, context));
    const Person person{enrollment::OperatorId{wanted.id}, wanted.name, role, {}};
    TRY(db::journal::makeDataDirectory(station.dataDirectory));
    TRY(config::changePeople(station.dataDirectory, [&](People& people) -> Result<void> {
        TRY(takeIn(people, person, badge));
        return keepActOn(person, station::ActKind::PersonAdded, station, context);
    }));
    show({person}, lineOf(person), context);
    return ExitCode::Done;
}

Result<People::iterator> personOf(People& people, const std::string& id, const char* operation)
{
    const auto found = std::ranges::find(people, enrollment::OperatorId{id}, &Person::id);
    return found != people.end() ? Result<People::iterator>{found}
                                 : Result<People::iterator>{
                                       makeError(StationCode::NothingFound, "nobody is " + quotedText(id), operation)};
}

Result<ExitCode> remove(const std::string& id, Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY(requireKeepsActs(station));
    People gone;
    TRY(config::changePeople(station.dataDirectory, [&](People& people) -> Result<void> {
        TRY_ASSIGN(const auto found, personOf(people, id, "remove a person"));
        gone.push_back(*found);
        people.erase(found);
        return keepActOn(gone.front(), station::ActKind::PersonRemoved, station, context);
    }));
    show(gone, "removed " + lineOf(gone.front()), context);
    return ExitCode::Done;
}

/// Gives the person \p id what is kept of a PIN, or takes it away, and shows the person.
Result<ExitCode> changePin(const std::string& id, const std::optional<enrollment::SecretHash>& pin, Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY(requireKeepsActs(station));
    People changed;
    TRY(config::changePeople(station.dataDirectory, [&](People& people) -> Result<void> {
        TRY_ASSIGN(const auto found, personOf(people, id, "change a PIN"));
        found->pin = pin;
        changed.push_back(*found);
        return keepActOn(*found, pin ? station::ActKind::PinSet : station::ActKind::PinRemoved, station, context);
    }));
    show(changed, lineOf(changed.front()), context);
    return ExitCode::Done;
}

/// Nobody is asked for the PIN of a person who is not there.
Result<ExitCode> setPin(const std::string& id, Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY_ASSIGN(auto known, config::readPeople(station.dataDirectory));
    auto people = std::move(known).value_or(People{});
    TRY(personOf(people, id, "change a PIN"));
    TRY_ASSIGN(const auto pin, readPin(context));
    TRY_ASSIGN(const auto hash, enrollment::hashForPin(pin));
    return changePin(id, hash, context);
}

Result<ExitCode> list(Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY_ASSIGN(auto known, config::readPeople(station.dataDirectory));
    const auto people = std::move(known).value_or(People{});
    std::string text;
    for (const auto& person : people) {
        text += lineOf(person);
    }
    show(people, people.empty() ? "nobody\n" : text, context);
    return ExitCode::Done;
}

} // namespace

void addPeopleCommands(const Command& program)
{
    const auto people = program.group("people", "Who may work at this station, and whose badge is whose");
    auto wanted = std::make_shared<NewPerson>();
    const auto added = people.subcommand("add", "Take somebody in; the badge is read from standard input");
    added.option("--id", wanted->id, "What runs carry as operator").required();
    added.option("--name", wanted->name, "The name as it is shown, such as \"Ana M.\"").required();
    added.option("--role", wanted->role, "technician, quality or administrator; technician where left out");
    added.does([wanted](Context& context) { return add(*wanted, context); });

    auto id = std::make_shared<std::string>();
    const auto removed = people.subcommand("remove", "Somebody works here no more; the badge signs in no more");
    removed.option("id,--id", *id, "The id; with or without --id before it").required();
    removed.does([id](Context& context) { return remove(*id, context); });

    const auto given = people.subcommand("set-pin", "The badge asks for a PIN from now on; it is read twice from the "
                                                    "terminal, or once from standard input");
    given.option("id", *id, "The id").required();
    given.does([id](Context& context) { return setPin(*id, context); });

    const auto taken = people.subcommand("remove-pin", "The badge alone signs in again");
    taken.option("id", *id, "The id").required();
    taken.does([id](Context& context) { return changePin(*id, std::nullopt, context); });

    people.subcommand("list", "Ids, names and roles, and who has a PIN").does([](Context& context) {
        return list(context);
    });
}

} // namespace enroll::app::enrollctl

#include "app/enrollctl/agent_keys.h"
#include "app/enrollctl/commands.h"
#include "core/base/text.h"

#include <algorithm>

namespace enroll::app::enrollctl {
namespace {

using transport::TlsRole;

struct AgentKeysOptions {
    std::filesystem::path directory;
    std::string plant = "enrollment stations";
    std::string name;
    std::vector<std::string> furtherNames;
    int days = kUsualDays;
};

QString toQString(const std::string& text)
{
    return QString::fromStdString(text);
}

QJsonObject documentOf(const AgentKeys& keys)
{
    const QJsonObject files{{QStringLiteral("ca"), toQString(keys.files.caFile.string())},
                            {QStringLiteral("certificate"), toQString(keys.files.certificateFile.string())},
                            {QStringLiteral("key"), toQString(keys.files.keyFile.string())}};
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/agent-keys/1")},
            {QStringLiteral("name"), toQString(keys.entry)},
            {QStringLiteral("subject"), toQString(keys.subject)},
            {QStringLiteral("validUntil"), toQString(toIso8601(keys.validUntil))},
            {QStringLiteral("files"), files}};
}

std::string headOf(const AgentKeys& keys, const std::string& done)
{
    return done + " " + printableText(keys.entry) + ": " + printableText(keys.subject) + ", valid until " +
           toIso8601(keys.validUntil) + "\n  certificate  " + printableText(keys.files.certificateFile.string()) +
           "\n  key          " + printableText(keys.files.keyFile.string()) + "\n";
}

Result<ExitCode> init(const AgentKeysOptions& options, Context& context)
{
    TRY_ASSIGN(const auto keys, makeAgentAuthority(options.directory, options.plant, utcNow()));
    context.output.result(documentOf(keys), headOf(keys, "made") +
                                                "Whoever has the key can pass for any station and agent of this plant: "
                                                "keep the directory off the line\n");
    return ExitCode::Done;
}

Result<ExitCode> issue(TlsRole role, const AgentKeysOptions& options, Context& context)
{
    std::vector<std::string> names{options.name};
    std::ranges::copy(options.furtherNames, std::back_inserter(names));
    TRY_ASSIGN(const auto keys, issueAgentKeys(options.directory, role, names, options.days, utcNow()));
    context.output.result(
        documentOf(keys),
        headOf(keys, "made") + "  authority    " + printableText(keys.files.caFile.string()) +
            (role == TlsRole::Station
                 ? "\nMove the three files to the station; [agent] of its station.toml names them\n"
                 : "\nMove the three files to the device, where enroll-agent is told their directory: "
                   "--listen tls://ADDRESS:PORT --keys DIRECTORY\n"));
    return ExitCode::Done;
}

Result<ExitCode> renew(const AgentKeysOptions& options, Context& context)
{
    const bool isAuthority = options.name == kAuthorityEntry;
    TRY_ASSIGN(const auto keys,
               renewAgentKeys(options.directory, options.name, isAuthority ? kMostDays : options.days, utcNow()));
    context.output.result(
        documentOf(keys),
        headOf(keys, "renewed") +
            (isAuthority
                 ? "The key is as before: every station and agent needs the new ca.pem, and each agent a restart\n"
                 : "The key is as before: the machine needs the new certificate.pem and ca.pem, and "
                   "an agent a restart\n"));
    return ExitCode::Done;
}

/// What every command but init has.
void addDirectory(const Command& command, AgentKeysOptions& options)
{
    command.option("--directory", options.directory, "The plant's directory, as init made it").required();
}

void addIssue(const Command& group, TlsRole role, const std::string& help, const std::string& nameHelp)
{
    auto options = std::make_shared<AgentKeysOptions>();
    const auto command = group.subcommand(std::string{wordOf(role)}, help);
    command.option("name", options->name, nameHelp).required();
    command.option("--also", options->furtherNames, "A further name or address that it has; may be given again");
    command.option("--days", options->days, "How long its certificate is valid").between(1, kMostDays);
    addDirectory(command, *options);
    command.does([role, options](Context& context) { return issue(role, *options, context); });
}

} // namespace

void addAgentKeysCommands(const Command& program)
{
    const auto group =
        program.group("agent-keys", "Keys by which stations and the agents of devices at tls:// know each other");
    auto begun = std::make_shared<AgentKeysOptions>();
    const auto first = group.subcommand("init", "Make a plant's authority in a new directory");
    first.option("directory", begun->directory, "Directory to make").required();
    first.option("--plant", begun->plant, "What its certificate is called");
    first.does([begun](Context& context) { return init(*begun, context); });

    addIssue(group, TlsRole::Station, "Make the key and certificate of a station",
             "Host name or address of the station");
    addIssue(group, TlsRole::Agent, "Make the key and certificate of an agent",
             "Host name or address of the device, as in tls://NAME:PORT, or behind ?name= there");

    auto again = std::make_shared<AgentKeysOptions>();
    const auto renewal = group.subcommand("renew", "Replace a certificate by a newer one for the same key");
    renewal.option("name", again->name, "A directory of the plant's, such as station-st-07, or ca").required();
    renewal.option("--days", again->days, "How long it is valid from now on; of ca: ten years").between(1, kMostDays);
    addDirectory(renewal, *again);
    renewal.does([again](Context& context) { return renew(*again, context); });
}

} // namespace enroll::app::enrollctl

#include "app/enrollctl/commands.h"
#include "app/enrollctl/result_documents.h"
#include "app/wiring/station_files.h"
#include "db/journal/open_journal.h"

namespace enroll::app::enrollctl {
namespace {

Result<ExitCode> listTrust(Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY_ASSIGN(const auto trust, wiring::loadTrust(station));
    const auto directory = wiring::trustDirectory(station);
    context.output.result(trustDocument(trust.certificates(), directory),
                          trust.empty() ? "no certificate authority is trusted; add some with: enrollctl trust import "
                                          "FILE\n"
                                        : trustText(trust.certificates()));
    return ExitCode::Done;
}

Result<ExitCode> importAuthorities(const std::filesystem::path& source, Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    const auto directory = wiring::trustDirectory(station);
    TRY(db::journal::makeDataDirectory(station.dataDirectory));
    TRY_ASSIGN(const auto added, crypto::importTrust(source, directory));
    context.output.result(trustImportDocument(added, directory),
                          std::to_string(added.size()) + " new\n" + trustText(added));
    return ExitCode::Done;
}

} // namespace

void addTrustCommands(const Command& program)
{
    const auto trust = program.group("trust", "Certificate authorities of TPM makers");
    const auto list = trust.subcommand("list", "What is trusted");
    list.does(listTrust);

    auto source = std::make_shared<std::filesystem::path>();
    const auto importing = trust.subcommand("import", "Trust the authorities of a PEM or DER file, or of a directory");
    importing.option("source", *source, "File or directory").required();
    importing.does([source](Context& context) { return importAuthorities(*source, context); });
}

} // namespace enroll::app::enrollctl

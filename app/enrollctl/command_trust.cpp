#include "app/enrollctl/commands.h"
#include "app/enrollctl/result_documents.h"
#include "app/wiring/station_files.h"
#include "core/base/station_code.h"
#include "db/journal/open_journal.h"

namespace enroll::app::enrollctl {
namespace {

/// A new station has no data directory yet and trusts nobody; a directory that the command line names must be there.
Result<void> requireNamedDirectory(const std::optional<std::filesystem::path>& directory)
{
    std::error_code fault; // what stands in the way is said by whoever reads the directory
    if (!directory || std::filesystem::exists(*directory, fault) || fault) {
        return {};
    }
    return makeError(StationCode::NothingFound,
                     "--data " + directory->string() +
                         ": there is no such directory; \"enrollctl trust import\" makes it");
}

Result<ExitCode> listTrust(Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY(requireNamedDirectory(context.options.data));
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

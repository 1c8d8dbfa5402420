#include "app/enrollctl/commands.h"
#include "app/enrollctl/result_documents.h"
#include "app/wiring/station_files.h"
#include "core/config/profile_file.h"

#include <CLI/CLI.hpp>

namespace enroll::app::enrollctl {
namespace {

Result<ExitCode> checkProfile(const std::filesystem::path& file, Context& context)
{
    TRY_ASSIGN(const auto profile, config::loadProfile(file, wiring::shippedProfileDirectory()));
    const auto& stamp = profile.stamp;
    context.output.result(profileDocument(profile, file), file.string() + ": good; \"" + stamp.name + "\" version " +
                                                              stamp.version + ", SHA-256 " + stamp.sha256 + "\n");
    return ExitCode::Done;
}

} // namespace

void addProfileCommands(CLI::App& app, ReadyCommand& chosen)
{
    auto* profile = app.add_subcommand("profile", "Product profiles");
    profile->require_subcommand(1);
    auto file = std::make_shared<std::filesystem::path>();
    auto* check = profile->add_subcommand("check", "Say what is wrong with a profile, with file and line");
    check->add_option("file", *file, "The *.profile.toml, or the name of a shipped profile")->required();
    check->callback([file, &chosen] { chosen = [file](Context& context) { return checkProfile(*file, context); }; });
}

} // namespace enroll::app::enrollctl

#include "app/enrollctl/commands.h"
#include "app/enrollctl/result_documents.h"
#include "app/wiring/station_files.h"
#include "core/config/profile_file.h"

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

void addProfileCommands(const Command& program)
{
    const auto profile = program.group("profile", "Product profiles");
    auto file = std::make_shared<std::filesystem::path>();
    const auto check = profile.subcommand("check", "Say what is wrong with a profile, with file and line");
    check.option("file", *file, "The *.profile.toml, or the name of a shipped profile").required();
    check.does([file](Context& context) { return checkProfile(*file, context); });
}

} // namespace enroll::app::enrollctl

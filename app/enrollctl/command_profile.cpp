#include "app/enrollctl/commands.h"
#include "app/enrollctl/result_documents.h"
#include "app/wiring/station_files.h"
#include "core/config/profile_file.h"
#include "core/config/profile_text.h"
#include "core/enrollment/profile_remarks.h"

namespace enroll::app::enrollctl {
namespace {

Result<ExitCode> checkProfile(const std::filesystem::path& file, Context& context)
{
    TRY_ASSIGN(const auto profile, config::loadProfile(file, wiring::shippedProfileDirectory()));
    const auto& stamp = profile.stamp;
    context.output.result(profileDocument(profile, file), file.string() + ": good; \"" + stamp.name + "\" version " +
                                                              stamp.version + ", SHA-256 " + stamp.sha256 + "\n" +
                                                              remarksText(enrollment::profileRemarks(profile)));
    return ExitCode::Done;
}

/// A comment about the key that a person may miss: it has no default, and IoT Edge needs it.
std::string notSetText(const enrollment::ProductProfile& profile)
{
    return profile.enrollment.settings.iotEdge ? "" : "# enrollment.iot_edge is not set, and has no default\n";
}

/// Without \p file, the profile that this station judges by.
Result<ExitCode> showProfile(const std::filesystem::path& file, Context& context)
{
    auto shown = file;
    if (shown.empty()) {
        TRY_ASSIGN(const auto station, loadStation(context));
        shown = wiring::productProfile(station);
    }
    TRY_ASSIGN(const auto profile, config::loadProfile(shown, wiring::shippedProfileDirectory()));
    TRY_ASSIGN(const auto document, resolvedProfileDocument(profile, shown));
    context.output.result(document, "# " + shown.string() + ", SHA-256 " + profile.stamp.sha256 +
                                        ", with every default that it leaves out\n" + notSetText(profile) +
                                        config::profileToml(profile));
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

    auto shown = std::make_shared<std::filesystem::path>();
    const auto show = profile.subcommand("show", "Every value that a run with a profile goes by, defaults included");
    show.option("file", *shown, "The *.profile.toml, or the name of a shipped profile; this station's where left out");
    show.does([shown](Context& context) { return showProfile(*shown, context); });
}

} // namespace enroll::app::enrollctl

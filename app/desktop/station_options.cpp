#include "app/desktop/station_options.h"

#include "core/base/text.h"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace enroll::app::desktop {
namespace {

constexpr int kWrongUsage = 2;

std::vector<std::string> reversed(const QStringList& arguments)
{
    std::vector<std::string> words;
    std::ranges::transform(arguments.mid(1), std::back_inserter(words), &QString::toStdString);
    std::ranges::reverse(words); // the order CLI11 takes a vector in
    return words;
}

} // namespace

std::variant<StationOptions, int> parseOptions(const QStringList& arguments)
{
    StationOptions options;
    CLI::App app{"Enrolls devices with a TPM 2.0: the station's screen", "enroll-station"};
    app.set_version_flag("--version", "enroll-station " ENROLL_VERSION);
    app.add_option("--config", options.sources.file, "Station configuration; default: /etc/enroll-station")
        ->check(pathFault);
    app.add_option("--data", options.sources.dataDirectory, "Data directory: journal, trust anchors")->check(pathFault);
    app.add_option("--profile", options.sources.profile, "Product profile: a file, or the name of a shipped one")
        ->check(pathFault);
    std::string theme = "system";
    app.add_option("--theme", theme, "light, dark, or as the desktop is set")
        ->check(CLI::IsMember({"light", "dark", "system"}));
    app.add_flag_callback(
        "--full-screen", [&] { options.window = WindowStart::FullScreen; }, "Start full screen");
    try {
        app.parse(reversed(arguments));
    } catch (const CLI::ParseError& ended) {
        return app.exit(ended) == 0 ? 0 : kWrongUsage;
    }
    options.theme = ui::themeChoiceFromText(QString::fromStdString(theme)).value_or(ui::ThemeChoice::System);
    return options;
}

} // namespace enroll::app::desktop

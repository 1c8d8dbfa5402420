#include "app/desktop/station_options.h"

#include "app/arguments/strict_parse.h"
#include "core/base/text.h"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace enroll::app::desktop {
namespace {

constexpr auto kCardOption = "--command-card";

bool asksForText(const std::string& word)
{
    return word == "--help" || word == "-h" || word == "--version";
}

} // namespace

std::variant<StationOptions, int> parseOptions(std::span<const std::string> words)
{
    StationOptions options;
    CLI::App app{"Enrolls devices with a TPM 2.0: the station's screen", "enroll-station"};
    app.set_version_flag("--version", "enroll-station " ENROLL_VERSION);
    app.add_option(
           "--config", options.sources.file,
           "Station configuration, one file; default: /etc/enroll-station/station.toml and conf.d/*.toml beside it")
        ->check(pathFault);
    app.add_option("--data", options.sources.dataDirectory, "Data directory: journal, trust anchors")->check(pathFault);
    app.add_option("--profile", options.sources.profile, "Product profile: a file, or the name of a shipped one")
        ->check(pathFault);
    std::string theme = "system";
    app.add_option("--theme", theme, "light, dark, or as the desktop is set")
        ->check(CLI::IsMember({"light", "dark", "system"}));
    app.add_flag_callback(
        "--full-screen", [&] { options.window = WindowStart::FullScreen; }, "Start full screen");
    app.add_flag_callback(
        "--kiosk", [&] { options.window = WindowStart::Kiosk; },
        "Start full screen, and stay so: only a signal closes the window");
    app.add_option(kCardOption, options.commandCard,
                   "Write the station's command card, barcodes to be scanned, as a PDF and end; no display is needed")
        ->check(pathFault);
    if (const auto ended = arguments::parseOrEnd(app, words)) {
        return *ended;
    }
    options.theme = ui::themeChoiceFromText(QString::fromStdString(theme)).value_or(ui::ThemeChoice::System);
    return options;
}

bool asksForCard(std::span<const std::string> arguments)
{
    return std::ranges::any_of(arguments, [](const std::string& word) {
        return word == kCardOption || word.starts_with(std::string{kCardOption} + "=");
    });
}

std::optional<int> parseForText(std::span<const std::string> arguments)
{
    const auto asked = std::ranges::find_if(arguments, asksForText);
    if (asked == arguments.end()) {
        return std::nullopt;
    }
    const auto parsed = parseOptions({asked, asked + 1}); // alone: of the others some may be Qt's
    return std::get<int>(parsed);
}

} // namespace enroll::app::desktop

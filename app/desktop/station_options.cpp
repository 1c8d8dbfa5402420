#include "app/desktop/station_options.h"

#include "app/arguments/strict_parse.h"
#include "core/base/text.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace enroll::app::desktop {
namespace {

constexpr auto kCardOption = "--command-card";

/// True for an option of Qt's or of its plugin for X11; with two dashes Qt takes them, too.
/// \par Source   Qt 6.4, QGuiApplication::QGuiApplication(), QApplication::QApplication(), QXcbIntegration
bool isOfQt(std::string_view word)
{
    constexpr std::array<std::string_view, 19> kNames{"platform",
                                                      "platformpluginpath",
                                                      "platformtheme",
                                                      "plugin",
                                                      "qwindowgeometry",
                                                      "qwindowicon",
                                                      "qwindowtitle",
                                                      "icon",
                                                      "reverse",
                                                      "session",
                                                      "style",
                                                      "stylesheet",
                                                      "widgetcount",
                                                      "qmljsdebugger",
                                                      "testability",
                                                      "display",
                                                      "name",
                                                      "nograb",
                                                      "dograb"};
    if (!word.starts_with('-')) {
        return false;
    }
    word.remove_prefix(word.starts_with("--") ? 2 : 1);
    return std::ranges::count(kNames, word.substr(0, word.find('='))) > 0;
}

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
    app.add_option("--config", options.sources.file,
                   "Station configuration, one file, as ENROLL_CONFIG; default: /etc/enroll-station/station.toml and "
                   "conf.d/*.toml beside it")
        ->check(pathFault);
    app.add_option("--data", options.sources.dataDirectory,
                   "Data directory: journal, trust anchors, as ENROLL_DATA; default: what the configuration says")
        ->check(pathFault);
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
    if (asked != arguments.end()) {
        const auto parsed = parseOptions({asked, asked + 1}); // alone: of the others some may be Qt's
        return std::get<int>(parsed);
    }
    if (std::ranges::any_of(arguments, isOfQt)) { // only Qt tells its own from ours, and for that it needs a display
        return std::nullopt;
    }
    const auto parsed = parseOptions(arguments);
    const auto* ended = std::get_if<int>(&parsed);
    return ended == nullptr ? std::nullopt : std::optional{*ended};
}

} // namespace enroll::app::desktop

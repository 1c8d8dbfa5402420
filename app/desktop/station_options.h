#pragma once

#include "core/config/station_config.h"
#include "ui/theme/theme.h"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <variant>

namespace enroll::app::desktop {

/// Kiosk: full screen, and no person at the station closes it.
enum class WindowStart { Normal, FullScreen, Kiosk };

/// The command line, parsed.
struct StationOptions {
    config::ConfigSources sources;
    ui::ThemeChoice theme = ui::ThemeChoice::System;
    WindowStart window = WindowStart::Normal;
    std::optional<std::filesystem::path> commandCard; ///< to be written; then no window is opened
};

/// The options of \p words, which exclude the program's name and what Qt takes; or the exit code after --help,
/// --version (0) or wrong usage (2, said on standard error).
std::variant<StationOptions, int> parseOptions(std::span<const std::string> words);

/// Answers --help and --version, wherever they stand in \p arguments, and says what is wrong with them where none of them is
/// Qt's; gives the exit code then. For a time before Qt has its options and a display.
std::optional<int> parseForText(std::span<const std::string> arguments);

/// True if one of \p arguments asks for the command card, which needs no display.
bool asksForCard(std::span<const std::string> arguments);

} // namespace enroll::app::desktop

#pragma once

#include "core/config/station_config.h"
#include "ui/theme/theme.h"

#include <QStringList>

#include <variant>

namespace enroll::app::desktop {

enum class WindowStart { Normal, FullScreen };

/// The command line, parsed.
struct StationOptions {
    config::ConfigSources sources;
    ui::ThemeChoice theme = ui::ThemeChoice::System;
    WindowStart window = WindowStart::Normal;
};

/// The options, or the exit code after --help, --version (0) or wrong usage (2, said on standard error).
std::variant<StationOptions, int> parseOptions(const QStringList& arguments);

} // namespace enroll::app::desktop

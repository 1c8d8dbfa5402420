#include "app/desktop/open_display.h"

#include "core/base/error.h"
#include "core/base/station_code.h"

#include <cstdlib>
#include <iostream>

namespace enroll::app::desktop {
namespace {

int g_exitWithout = 0; // a message handler of Qt's is a bare function

/// Qt's constructor has one way to fail: a fatal message, after which it aborts. What it says before, plugin by plugin,
/// helps nobody who has no display.
void endWithoutDisplay(QtMsgType type, const QMessageLogContext& /*context*/, const QString& /*message*/)
{
    if (type != QtFatalMsg) {
        return;
    }
    const auto error =
        makeError(StationCode::UsageInvalid,
                  "there is no display that can be used: start enroll-station in a desktop session, or "
                  "set DISPLAY or WAYLAND_DISPLAY to one; without a screen, enrollctl does the same jobs");
    std::cerr << "enroll-station: " << describeForLog(error) << std::endl;
    std::_Exit(g_exitWithout);
}

} // namespace

std::unique_ptr<QApplication> openDisplay(int& argc, char** argv, int exitWithout)
{
    g_exitWithout = exitWithout;
    const auto before = qInstallMessageHandler(endWithoutDisplay);
    auto application = std::make_unique<QApplication>(argc, argv);
    qInstallMessageHandler(before);
    return application;
}

std::unique_ptr<QApplication> openWithoutDisplay(int& argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    return std::make_unique<QApplication>(argc, argv);
}

} // namespace enroll::app::desktop

#include "app/desktop/lit_display.h"

#include <QGuiApplication>

#include <X11/extensions/scrnsaver.h> // last: its macros are named like Qt's words

namespace enroll::app::desktop {
namespace {

constexpr int kMajor = 1;
constexpr int kMinor = 1; // the first that can suspend

/// Null where there is no X server.
Display* xServer()
{
    const auto* application = qGuiApp->nativeInterface<QNativeInterface::QX11Application>();
    return application == nullptr ? nullptr : application->display();
}

bool canSuspend(Display* server)
{
    int major = 0;
    int minor = 0;
    return XScreenSaverQueryVersion(server, &major, &minor) != 0 &&
           (major > kMajor || (major == kMajor && minor >= kMinor));
}

void suspend(Display* server, bool wanted)
{
    XScreenSaverSuspend(server, wanted ? 1 : 0);
    XFlush(server);
}

} // namespace

LitDisplay::LitDisplay()
{
    if (auto* server = xServer(); server != nullptr && canSuspend(server)) {
        suspend(server, true);
        m_suspended = true;
    }
}

LitDisplay::~LitDisplay()
{
    if (m_suspended) {
        suspend(xServer(), false);
    }
}

} // namespace enroll::app::desktop

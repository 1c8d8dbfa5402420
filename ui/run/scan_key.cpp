#include "ui/run/scan_key.h"

#include <QGuiApplication>
#include <QKeyEvent>

#include <algorithm>

namespace enroll::ui::scan_key {

station::ScanBurst::TimePoint timeOf(const QKeyEvent& key)
{
    return key.timestamp() == 0 ? std::chrono::steady_clock::now()
                                : station::ScanBurst::TimePoint{std::chrono::milliseconds{key.timestamp()}};
}

int placeOf(const QKeyEvent& key)
{
    return key.nativeScanCode() == 0 ? key.key() : static_cast<int>(key.nativeScanCode());
}

int charactersOf(const QKeyEvent& key)
{
    return std::max(1, static_cast<int>(key.text().size()));
}

/// Qt has no word for Caps Lock. X11 and Wayland name the modifiers in one order, in which it is the second.
/// Source: X Window System Protocol, "KEYBUTMASK"; xkeyboard-config, "compat/basic": Lock is a real modifier
bool hasCapsLock(const QKeyEvent& key)
{
    constexpr quint32 kLock = 2;
    const auto platform = QGuiApplication::platformName();
    const bool ordered = platform == QLatin1String("xcb") || platform.startsWith(QLatin1String("wayland")) ||
                         platform == QLatin1String("offscreen");
    return ordered && (key.nativeModifiers() & kLock) != 0;
}

bool mayBeControl(const QKeyEvent& key)
{
    const bool function = key.key() >= Qt::Key_F1 && key.key() <= Qt::Key_F35;
    const bool withControl = key.modifiers() == Qt::ControlModifier && key.key() != Qt::Key_J &&
                             key.key() != Qt::Key_Control && !key.matches(QKeySequence::Paste);
    return function || withControl;
}

bool isLineFeed(const QKeyEvent& key)
{
    return (key.key() == Qt::Key_J && key.modifiers() == Qt::ControlModifier) || key.text() == u"\n";
}

} // namespace enroll::ui::scan_key

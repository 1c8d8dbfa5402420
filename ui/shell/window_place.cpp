#include "ui/shell/window_place.h"

namespace enroll::ui {
namespace {

constexpr auto kGeometry = "geometry";

} // namespace

WindowPlace::WindowPlace(MainWindow& window, QSettings& settings, QObject* parent)
    : QObject(parent), m_window(window), m_settings(settings)
{
    connect(&window, &MainWindow::finished, this, &WindowPlace::remember);
}

QByteArray WindowPlace::last() const
{
    return m_settings.value(kGeometry).toByteArray();
}

void WindowPlace::remember() const
{
    if (!m_window.fillsDisplay()) {
        m_settings.setValue(kGeometry, m_window.saveGeometry());
    }
}

} // namespace enroll::ui

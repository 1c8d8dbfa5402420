#include "app/desktop/station_plugs.h"

#include "core/base/without_exceptions.h"

#include <QSocketNotifier>

namespace enroll::app::desktop {

StationPlugs::StationPlugs(QObject* parent) : QObject(parent)
{
    auto watch = transport::PlugWatch::open();
    if (!watch.ok()) {
        logFault(watch.error());
        return;
    }
    m_watch = std::move(watch).value();
    auto* news = new QSocketNotifier(m_watch->fd(), QSocketNotifier::Read, this);
    connect(news, &QSocketNotifier::activated, this, [this] {
        if (m_watch->take()) {
            Q_EMIT plugged();
        }
    });
}

StationPlugs::~StationPlugs() = default;

} // namespace enroll::app::desktop

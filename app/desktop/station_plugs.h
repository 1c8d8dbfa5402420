#pragma once

#include "core/transport/plug_watch.h"

#include <QObject>

namespace enroll::app::desktop {

/// Says when a device may have been plugged into the station or out of it. Where udev has no such news, nothing is said: looks find
/// the device a second later.
class StationPlugs final : public QObject {
    Q_OBJECT

public:
    explicit StationPlugs(QObject* parent = nullptr);
    ~StationPlugs() override;

Q_SIGNALS:
    void plugged();

private:
    std::unique_ptr<transport::PlugWatch> m_watch; ///< null: no news
};

} // namespace enroll::app::desktop

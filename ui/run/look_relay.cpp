#include "ui/run/look_relay.h"

namespace enroll::ui {

void LookRelay::looked(const station::Sightings& found, int hand)
{
    QMetaObject::invokeMethod(
        this, [this, found, hand] { Q_EMIT received(found, hand); }, Qt::QueuedConnection);
}

} // namespace enroll::ui

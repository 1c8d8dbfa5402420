#include "ui/run/look_relay.h"

namespace enroll::ui {

void LookRelay::looked(const station::Sightings& found, const station::UnclearSlots& unclear, int hand)
{
    QMetaObject::invokeMethod(
        this, [this, found, unclear, hand] { Q_EMIT received(found, unclear, hand); }, Qt::QueuedConnection);
}

} // namespace enroll::ui

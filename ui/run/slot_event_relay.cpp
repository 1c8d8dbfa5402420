#include "ui/run/slot_event_relay.h"

namespace enroll::ui {

void SlotEventRelay::slotEvent(enrollment::SlotNumber slot, const station::SlotEvent& event)
{
    QMetaObject::invokeMethod(
        this, [this, slot, event] { Q_EMIT received(slot, event); }, Qt::QueuedConnection);
}

} // namespace enroll::ui

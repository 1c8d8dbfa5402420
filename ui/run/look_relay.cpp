#include "ui/run/look_relay.h"

namespace enroll::ui {

void LookRelay::looked(const station::Looked& looked)
{
    QMetaObject::invokeMethod(
        this, [this, looked] { Q_EMIT received(looked); }, Qt::QueuedConnection);
}

} // namespace enroll::ui

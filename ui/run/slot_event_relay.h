#pragma once

#include "core/station/slot_runner.h"

#include <QObject>

namespace enroll::ui {

/// Carries events from the slots' threads to the thread this object lives on: each as a value, queued, in order. Lives
/// longer than every runner that was given it.
class SlotEventRelay final : public QObject, public station::SlotEventSink {
    Q_OBJECT

public:
    using QObject::QObject;

    /// Any thread; does not block.
    void slotEvent(enrollment::SlotNumber slot, const station::SlotEvent& event) override;

Q_SIGNALS:
    void received(enroll::enrollment::SlotNumber slot, const enroll::station::SlotEvent& event);
};

} // namespace enroll::ui

#pragma once

#include "ui/run/run_controller.h"

namespace enroll::ui {

/// Tells the controller of every key, tap and scan in the application, whatever has the focus. A key that is held down, or
/// that something lies on, is one touch. One that comes after the station should have locked, because the machine slept,
/// locks it and does nothing else; the key of a scan is the first one of a badge then.
class TouchWatch final : public QObject {
    Q_OBJECT

public:
    explicit TouchWatch(RunController& controller, QObject* parent = nullptr);

    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    RunController& m_controller;
    bool m_releaseToo = false; ///< the press before it came too late
};

} // namespace enroll::ui

#pragma once

#include "ui/run/run_controller.h"

namespace enroll::ui {

/// Tells the controller of every key, tap and scan in the application, whatever has the focus. A key that is held down, or
/// that something lies on, is one touch.
class TouchWatch final : public QObject {
    Q_OBJECT

public:
    explicit TouchWatch(RunController& controller, QObject* parent = nullptr);

    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    RunController& m_controller;
};

} // namespace enroll::ui

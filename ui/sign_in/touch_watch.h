#pragma once

#include "ui/run/run_controller.h"

class QMouseEvent;

namespace enroll::ui {

/// Tells the controller of every key, tap and scan in the application, whatever has the focus. A key that is held down, or
/// that something lies on, is one touch. One that comes after the station should have locked, or a question for a PIN ended,
/// because the machine slept, does that and nothing else, nor does the second half of its double click; the key of a scan is
/// the first one of a badge then.
class TouchWatch final : public QObject {
    Q_OBJECT

public:
    explicit TouchWatch(RunController& controller, QObject* parent = nullptr);

    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    bool comesTooLate(const QMouseEvent& press);

    RunController& m_controller;
    bool m_releaseToo = false;               ///< the press before it came too late
    std::optional<quint64> m_latePress = {}; ///< its time
};

} // namespace enroll::ui

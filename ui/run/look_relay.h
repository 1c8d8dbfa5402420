#pragma once

#include "core/station/presence_watch.h"

#include <QObject>

namespace enroll::ui {

/// Carries looks from the watch's thread to the thread this object lives on: each as a value, queued, in order. Lives
/// longer than the watch.
class LookRelay final : public QObject, public station::LookSink {
    Q_OBJECT

public:
    using QObject::QObject;

    /// Any thread; does not block.
    void looked(const station::Looked& looked) override;

Q_SIGNALS:
    void received(const enroll::station::Looked& looked);
};

} // namespace enroll::ui

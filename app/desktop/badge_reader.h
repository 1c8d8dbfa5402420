#pragma once

#include "core/station/badge_check.h"

#include <QObject>

#include <filesystem>
#include <memory>

namespace enroll::app::desktop {

/// BadgeCheck by the people of a data directory. They are read at each badge: who was added or removed meanwhile counts
/// at once. A thread of its own reads and calculates; what it finds comes back as an event of the thread of this object.
class BadgeReader final : public QObject, public station::BadgeCheck {
    Q_OBJECT

public:
    explicit BadgeReader(std::filesystem::path dataDirectory, QObject* parent = nullptr);
    /// Waits for a calculation that is under way. No answer is called from here on.
    ~BadgeReader() override;

    /// Errors B-617 (the station has no people), those of config::readPeople(), S-340.
    void ask(SecretBytes badge, Answer answer) override;
    /// Errors B-603 (the person is there no more), and those of ask().
    void askPin(const enrollment::OperatorId& person, SecretBytes pin, PinAnswer answer) override;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace enroll::app::desktop

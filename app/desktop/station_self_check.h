#pragma once

#include "core/config/station_config.h"
#include "core/enrollment/self_check.h"
#include "ui/background/background_reader.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>

namespace enroll::app::desktop {

/// The station's check of itself in the desktop: what the latest one came to, and a thread that makes the next one. Where the
/// profile asks for one, it is made at the start of each shift and as soon as it is overdue, and tried again every kTryAgain
/// while either cannot be made; anybody may ask for one besides. After one that did not pass, one that this object makes opens
/// the station again, and no file does.
class StationSelfCheck final : public QObject {
    Q_OBJECT

public:
    /// Makes a check and keeps what it came to, on a thread of its own: self_check::checkAndKeep().
    using Check = std::function<Result<enrollment::SelfCheckStamp>(const std::stop_token&)>;
    static constexpr std::chrono::milliseconds kTryAgain{60'000};

    /// Reads what was kept. Nothing is checked before the event loop runs.
    StationSelfCheck(const std::filesystem::path& dataDirectory, enrollment::ProductProfile profile,
                     enrollment::SoftwareStamp software, Check check, std::chrono::milliseconds tryAgain = kTryAgain,
                     QObject* parent = nullptr);
    /// Ends a check that is under way, and waits for its thread.
    ~StationSelfCheck() override;

    /// Why no test may start; none: nothing of the check hinders it. While one is under way, what the one before came to.
    [[nodiscard]] std::optional<Error> fault() const;
    [[nodiscard]] bool isRunning() const noexcept;

    /// Reads what is kept once more, on the thread of \p reader, where the profile asks for a check: `enrollctl self-check`
    /// may have made a later one. Begins a check if the latest is overdue now, as after the clock was set, and where a later one
    /// passed after one that did not. \p reader must outlive this object.
    void lookAgain(ui::BackgroundReader& reader);
    /// Begins a check; one under way goes on.
    void begin();
    /// A shift began then, or goes on: begins its check where the profile asks for checks and none was made since. Tests go
    /// on meanwhile, unless the latest is overdue.
    void beginFor(UtcTime shiftStart);
    /// Ends one under way without waiting, and begins no other.
    void requestStop() noexcept;

Q_SIGNALS:
    /// Not told of one that is tried again by itself, until a person asks for it.
    void began();
    /// What the check came to; error: it could not be made, or did not pass (S-306). One that is tried again by itself, and
    /// cannot be made for the same reason as before, is not told.
    void ended(const enroll::Result<void>& check);
    /// fault() may be another one now.
    void changed();

private:
    [[nodiscard]] bool isOverdue() const;
    [[nodiscard]] bool isWanted() const;
    [[nodiscard]] bool hasFailed() const;
    void takeLatest(const enrollment::SelfCheckStamp& stamp);
    void beginIfOverdue();
    void startThread();
    void lookWhenDue();
    void takeKept(const std::optional<enrollment::SelfCheckStamp>& kept);
    void take(const Result<enrollment::SelfCheckStamp>& made);

    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace enroll::app::desktop

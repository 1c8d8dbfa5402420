#pragma once

#include "core/config/station_config.h"
#include "ui/run/run_screen.h"
#include "ui/sound/sound_player.h"

#include <QTimer>

namespace enroll::app::desktop {

/// Tells by ear what the Run screen tells by eye, as `[sounds]` says. While something needs a person the knock comes again,
/// until it is dealt with or somebody touches the station: who is there needs no call.
class StationSounds final : public QObject {
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kKnockAgain{15'000};

    StationSounds(const config::SoundSettings& settings, ui::RunScreen& screen,
                  std::chrono::milliseconds knockAgain = kKnockAgain, QObject* parent = nullptr);
    /// Somebody is at the station, by another way than a key or a click.
    void touched() { m_again.stop(); }

protected:
    /// Keys, clicks and touches of the whole application.
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void take(ui::Alert alert);
    void knockAgain();

    config::SoundSettings m_settings;
    ui::RunScreen& m_screen;
    QTimer m_again{this};
    ui::sound::SoundPlayer m_player;
};

} // namespace enroll::app::desktop

#pragma once

#include "core/base/result.h"
#include "ui/sound/tones.h"

#include <chrono>
#include <functional>
#include <memory>

namespace enroll::ui::sound {

/// Plays sounds on the system's default device, on a thread of its own. Sounds that wait are played in the order of Sound, each
/// once: a FAIL is lost to none, and what is asked for twice says no more than once.
///
/// A station without a device, or whose device takes no samples, is silent and works on: every sound has a visible twin.
class SoundPlayer {
public:
    using Report = std::function<void(const Error&)>;

    /// \p failed hears, on the player's thread, once why nothing is heard (S-333); again only after a sound was heard. It may be
    /// called as long as the program runs.
    SoundPlayer(int volume, Report failed);
    /// Ends what is playing. A device that does not come back within kEndsWithin keeps its thread, and the program ends without
    /// it.
    ~SoundPlayer();
    SoundPlayer(const SoundPlayer&) = delete;
    SoundPlayer& operator=(const SoundPlayer&) = delete;

    static constexpr std::chrono::milliseconds kEndsWithin{1000};

    void play(Sound sound);

private:
    struct Shared; ///< what the thread needs, and keeps as long as it runs
    std::shared_ptr<Shared> m_shared;
    bool m_started = false;
};

} // namespace enroll::ui::sound

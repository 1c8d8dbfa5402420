#pragma once

#include "core/base/result.h"
#include "ui/sound/tones.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace enroll::ui::sound {

/// Plays sounds on the system's default device, on a thread of its own: nothing of it waits for a device. A sound that is asked
/// for while another plays follows it; of those that wait, only the newest is kept, because a sound says "now".
///
/// A station without a device, or whose device stopped taking samples, is silent and works on: every sound has a
/// visible twin.
class SoundPlayer {
public:
    /// \p failed hears, on the player's thread, once why nothing is heard (S-333); again only after a sound was heard.
    SoundPlayer(int volume, std::function<void(const Error&)> failed);
    /// Ends what is playing.
    ~SoundPlayer();
    SoundPlayer(const SoundPlayer&) = delete;
    SoundPlayer& operator=(const SoundPlayer&) = delete;

    void play(Sound sound);

private:
    void serve(const std::stop_token& stop);
    void report(const Result<void>& played);

    int m_volume;
    std::function<void(const Error&)> m_failed;
    bool m_reported = false; ///< the thread's own
    std::mutex m_mutex;
    std::condition_variable_any m_wanted;
    std::optional<Sound> m_next;
    std::jthread m_thread; ///< begins with the first sound; last: joined before the members it uses are gone
};

} // namespace enroll::ui::sound

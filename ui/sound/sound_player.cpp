#include "ui/sound/sound_player.h"

#include "core/base/clock.h"
#include "core/base/station_code.h"
#include "core/base/without_exceptions.h"

#include <alsa/asoundlib.h>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

namespace enroll::ui::sound {
namespace {

using Pcm = std::unique_ptr<snd_pcm_t, decltype(&snd_pcm_close)>;

constexpr auto kThread = "sound-player";
constexpr auto kDevice = "default";
constexpr unsigned kLatencyMicroseconds = 100'000;
constexpr int kLookMs = 50;               // how soon a stop is obeyed
constexpr std::chrono::seconds kSpare{2}; // longer than the sound itself a device may not take

Error fault(const char* what, int code)
{
    return makeError(StationCode::FileUnusable,
                     std::string{"no sound can be played: "} + what + ": " + snd_strerror(code),
                     "ALSA, device \"default\"");
}

Result<Pcm> openDevice()
{
    snd_pcm_t* opened = nullptr;
    // Without the flag a device that another program has would be waited for.
    if (const int code = snd_pcm_open(&opened, kDevice, SND_PCM_STREAM_PLAYBACK, SND_PCM_NONBLOCK); code < 0) {
        return fault("snd_pcm_open", code);
    }
    Pcm pcm{opened, &snd_pcm_close};
    constexpr unsigned kChannels = 1;
    constexpr int kResample = 1;
    if (const int code = snd_pcm_set_params(pcm.get(), SND_PCM_FORMAT_S16, SND_PCM_ACCESS_RW_INTERLEAVED, kChannels,
                                            kSampleRate, kResample, kLatencyMicroseconds);
        code < 0) {
        return fault("snd_pcm_set_params", code);
    }
    return pcm;
}

/// True if the device takes samples again after \p code.
bool recovers(snd_pcm_t* pcm, int code)
{
    if (code == -EAGAIN) {
        snd_pcm_wait(pcm, kLookMs);
        return true;
    }
    constexpr int kSilent = 1;
    return snd_pcm_recover(pcm, code, kSilent) == 0;
}

/// Waits until \p until, or less if somebody asks for the end. Returns false then.
using Pause = std::function<bool(std::chrono::steady_clock::time_point until)>;

Result<void> write(snd_pcm_t* pcm, const std::vector<std::int16_t>& samples, const Pause& pause)
{
    using Clock = std::chrono::steady_clock;
    const std::chrono::milliseconds length{samples.size() * 1000 / kSampleRate};
    const auto heard = Clock::now() + length + std::chrono::microseconds{kLatencyMicroseconds};
    const auto deadline = Deadline::in(length + kSpare);
    std::size_t written = 0;
    while (written < samples.size() && pause(Clock::now())) {
        if (deadline.passed()) {
            return fault("snd_pcm_writei", -ETIMEDOUT);
        }
        const auto taken = snd_pcm_writei(pcm, samples.data() + written, samples.size() - written);
        if (taken < 0 && !recovers(pcm, static_cast<int>(taken))) {
            return fault("snd_pcm_writei", static_cast<int>(taken));
        }
        written += taken > 0 ? static_cast<std::size_t>(taken) : 0;
    }
    pause(heard); // closing cuts off what was not heard yet
    return {};
}

Result<void> playNow(Sound sound, int volume, const Pause& pause)
{
    TRY_ASSIGN(const auto pcm, openDevice());
    return write(pcm.get(), samplesOf(sound, volume), pause);
}

/// The library says on standard error what playNow() returns; a station's log is for people.
void beSilent(const char*, int, const char*, int, const char*, ...) {}

} // namespace

struct SoundPlayer::Shared {
    int volume;
    Report failed;
    std::mutex mutex;
    std::condition_variable changed;
    std::set<Sound> wanted;
    bool stop = false;
    bool ended = false; ///< the thread, if there is one

    /// The next sound; none at the end.
    std::optional<Sound> next()
    {
        std::unique_lock lock(mutex);
        changed.wait(lock, [this] { return stop || !wanted.empty(); });
        return stop ? std::nullopt : std::optional{wanted.extract(wanted.begin()).value()};
    }
    bool pause(std::chrono::steady_clock::time_point until)
    {
        std::unique_lock lock(mutex);
        return !changed.wait_until(lock, until, [this] { return stop; });
    }
    void serve()
    {
        snd_lib_error_set_handler(beSilent);
        bool reported = false;
        while (const auto sound = next()) {
            const auto played = withoutExceptions<void>(
                kThread, [&] { return playNow(*sound, volume, [this](auto until) { return pause(until); }); });
            if (!played.ok() && !reported) {
                failed(played.error());
            }
            reported = !played.ok();
        }
    }
};

SoundPlayer::SoundPlayer(int volume, Report failed) : m_shared(std::make_shared<Shared>())
{
    m_shared->volume = volume;
    m_shared->failed = std::move(failed);
}

SoundPlayer::~SoundPlayer()
{
    std::unique_lock lock(m_shared->mutex);
    m_shared->stop = true;
    m_shared->changed.notify_all();
    m_shared->changed.wait_for(lock, kEndsWithin, [this] { return !m_started || m_shared->ended; });
}

void SoundPlayer::play(Sound sound)
{
    if (m_shared->volume == 0) {
        return;
    }
    {
        const std::scoped_lock lock(m_shared->mutex);
        m_shared->wanted.insert(sound);
    }
    m_shared->changed.notify_all();
    if (!std::exchange(m_started, true)) {
        std::thread([shared = m_shared] {
            runThread(kThread, [&shared] { shared->serve(); });
            const std::scoped_lock lock(shared->mutex);
            shared->ended = true;
            shared->changed.notify_all();
        }).detach();
    }
}

} // namespace enroll::ui::sound

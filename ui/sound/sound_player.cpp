#include "ui/sound/sound_player.h"

#include "core/base/clock.h"
#include "core/base/station_code.h"
#include "core/base/without_exceptions.h"

#include <alsa/asoundlib.h>
#include <memory>

namespace enroll::ui::sound {
namespace {

using Pcm = std::unique_ptr<snd_pcm_t, decltype(&snd_pcm_close)>;

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

Result<void> write(snd_pcm_t* pcm, const std::vector<std::int16_t>& samples, const std::stop_token& stop)
{
    const std::chrono::milliseconds length{samples.size() * 1000 / kSampleRate};
    const auto deadline = Deadline::in(length + kSpare);
    std::size_t written = 0;
    while (written < samples.size() && !stop.stop_requested()) {
        if (deadline.passed()) {
            return fault("snd_pcm_writei", -ETIMEDOUT);
        }
        const auto taken = snd_pcm_writei(pcm, samples.data() + written, samples.size() - written);
        if (taken < 0 && !recovers(pcm, static_cast<int>(taken))) {
            return fault("snd_pcm_writei", static_cast<int>(taken));
        }
        written += taken > 0 ? static_cast<std::size_t>(taken) : 0;
    }
    // The rest is heard: snd_pcm_drain() of a device that was opened without waiting returns at once.
    while (snd_pcm_drain(pcm) == -EAGAIN && !stop.stop_requested() && !deadline.passed()) {
        snd_pcm_wait(pcm, kLookMs);
    }
    return {};
}

Result<void> playNow(Sound sound, int volume, const std::stop_token& stop)
{
    TRY_ASSIGN(const auto pcm, openDevice());
    return write(pcm.get(), samplesOf(sound, volume), stop);
}

/// The library says on standard error what play() returns; a station's log is for people.
void beSilent(const char*, int, const char*, int, const char*, ...) {}

} // namespace

SoundPlayer::SoundPlayer(int volume, std::function<void(const Error&)> failed)
    : m_volume(volume), m_failed(std::move(failed))
{}

SoundPlayer::~SoundPlayer() = default;

void SoundPlayer::play(Sound sound)
{
    if (m_volume == 0) {
        return;
    }
    {
        const std::scoped_lock lock(m_mutex);
        m_next = sound;
    }
    m_wanted.notify_one();
    if (!m_thread.joinable()) {
        m_thread = std::jthread([this](const std::stop_token& stop) { serve(stop); });
    }
}

void SoundPlayer::serve(const std::stop_token& stop)
{
    snd_lib_error_set_handler(beSilent);
    while (!stop.stop_requested()) {
        std::unique_lock lock(m_mutex);
        if (!m_wanted.wait(lock, stop, [this] { return m_next.has_value(); })) {
            return;
        }
        const auto sound = *std::exchange(m_next, std::nullopt);
        lock.unlock();
        report(withoutExceptions<void>("SoundPlayer", [&] { return playNow(sound, m_volume, stop); }));
    }
}

void SoundPlayer::report(const Result<void>& played)
{
    if (!played.ok() && !m_reported) {
        m_failed(played.error());
    }
    m_reported = !played.ok();
}

} // namespace enroll::ui::sound

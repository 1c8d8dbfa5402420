#include "ui/sound/tones.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>

namespace enroll::ui::sound {
namespace {

/// A stretch of one tone, or of silence where its loudness is zero.
struct Tone {
    double hertz;
    double seconds;
    double loudness; ///< 0 to 1
    double fade;     ///< seconds that its end takes to die away
};

constexpr double kAttack = 0.004; // seconds from silence to full loudness
constexpr double kLoudest = 0.5;  // of full scale

constexpr Tone kPause{0, 0.06, 0, 0};
// Between 400 and 1000 Hz the ear finds a source most easily; a low tone is told from both by everybody.
constexpr Tone kFail[]{{880, 0.18, 1, 0.02}, kPause, {587, 0.28, 1, 0.04}};
constexpr Tone kKnock[]{{440, 0.09, 0.6, 0.08}, kPause, {440, 0.09, 0.6, 0.08}};
constexpr Tone kRefusal[]{{220, 0.25, 0.9, 0.03}};

std::span<const Tone> tonesOf(Sound sound)
{
    switch (sound) {
    case Sound::Fail:
        return kFail;
    case Sound::Knock:
        return kKnock;
    case Sound::Refusal:
        break;
    }
    return kRefusal;
}

double envelope(const Tone& tone, double second)
{
    const auto rising = second / kAttack;
    const auto falling = tone.fade > 0 ? (tone.seconds - second) / tone.fade : 1.0;
    return std::clamp(std::min(rising, falling), 0.0, 1.0);
}

void append(std::vector<std::int16_t>& samples, const Tone& tone, double scale)
{
    const auto count = static_cast<std::size_t>(tone.seconds * kSampleRate);
    for (std::size_t i = 0; i < count; ++i) {
        const auto second = static_cast<double>(i) / kSampleRate;
        const auto wave = std::sin(2 * std::numbers::pi * tone.hertz * second);
        samples.push_back(static_cast<std::int16_t>(wave * envelope(tone, second) * tone.loudness * scale));
    }
}

} // namespace

std::vector<std::int16_t> samplesOf(Sound sound, int volume)
{
    const auto scale = kLoudest * std::numeric_limits<std::int16_t>::max() * std::clamp(volume, 0, 100) / 100.0;
    std::vector<std::int16_t> samples;
    for (const auto& tone : tonesOf(sound)) {
        append(samples, tone, scale);
    }
    samples.push_back(0);
    return samples;
}

} // namespace enroll::ui::sound

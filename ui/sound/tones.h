#pragma once

#include <cstdint>
#include <vector>

namespace enroll::ui::sound {

/// What a station tells by ear, what matters most first; each has a visible twin. A PASS is silent: it is the rule.
enum class Sound {
    Fail,    ///< two tones, falling: a device failed
    Knock,   ///< two soft knocks: a slot, or the station, needs a person
    Refusal, ///< one low tone: what was scanned or typed was not taken
};

inline constexpr unsigned kSampleRate = 48'000; ///< Hz; one channel

/// The samples of \p sound, signed, at kSampleRate. Begins and ends in silence, so that nothing clicks. \p volume in percent:
/// at 100 the loudest sample is half of full scale, at 0 there is none.
std::vector<std::int16_t> samplesOf(Sound sound, int volume);

} // namespace enroll::ui::sound

#pragma once

#include "ui/run/alert.h"

#include <QString>

#include <optional>

namespace enroll::ui {

/// Which of the six looks a tile has, or that of a run that was stopped, of a PASS whose record was rejected, or of a
/// test that the station did not live to end.
enum class TileLook {
    Ready,
    Running,
    Pass,
    Fail,
    Hold,
    Station,
    Stopped,
    Rejected,
    NoAnswer, ///< the slot holds a device that does not answer as it should
    Unknown,  ///< a test was cut, its result is still to be looked up, or nobody knows whether there was one
    Whose,    ///< the slot holds a device that has no serial, and a person has to say which
};

/// How badly the slot needs a person, from 1; 0: it goes its usual way.
int urgency(TileLook look) noexcept;
/// "FAIL": the word of a look that is about a result.
QString lookWord(TileLook look);
/// Whom \p look calls when a tile takes it on; absent: nobody.
std::optional<Alert> alertOf(TileLook look) noexcept;

/// The mark on a tile whose slot gets the next serial.
QString nextWord();

/// The word on a tile whose slot holds a device without a serial.
QString whoseWord();

/// The word on a tile whose slot holds a device that does not answer as it should.
QString noAnswerWord();

} // namespace enroll::ui

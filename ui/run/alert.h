#pragma once

namespace enroll::ui {

/// What calls for a person who may not look. Each is told by a sound, beside what the screen shows.
enum class Alert {
    Fail,        ///< a device failed
    NeedsPerson, ///< a slot, or the station, waits for somebody to decide
    Refused,     ///< what was scanned or typed was not taken
};

} // namespace enroll::ui

#pragma once

#include <QKeyEvent>

namespace enroll::test {

/// Keys with the times at which they go down and up, for what takes them and is no widget. Keyboard sends them to one.
struct TimedKeys {
    using Milliseconds = quint64;

    /// A key every \p gap, down for the last \p hold of it.
    struct Pace {
        Milliseconds gap;
        Milliseconds hold;
    };
    static constexpr Pace kScanner{5, 2};
    static constexpr Pace kFingers{160, 80};

    struct Key {
        int code;
        Qt::KeyboardModifiers modifiers = {};
        QString text = {};
    };
    static Key of(QChar character) { return {character.toUpper().unicode(), {}, QString(character)}; }

    /// \p press and \p release get the events.
    template <class Press, class Release>
    void strike(const Pace& pace, const Key& key, Press press, Release release)
    {
        now += pace.gap - pace.hold;
        QKeyEvent down(QEvent::KeyPress, key.code, key.modifiers, key.text);
        down.setTimestamp(now);
        press(down);
        now += pace.hold;
        QKeyEvent up(QEvent::KeyRelease, key.code, key.modifiers, key.text);
        up.setTimestamp(now);
        release(up);
    }

    Milliseconds now = 1'000'000; ///< of the display server, which has been running for a while
};

} // namespace enroll::test

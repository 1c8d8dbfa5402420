#pragma once

#include <QApplication>
#include <QKeyEvent>
#include <QTest>

namespace enroll::test {

/// A keyboard whose keys carry the time at which they go down and up, as a display server sends them: whatever the test
/// waits for in between, the program sees the times that are written here.
class Keyboard {
public:
    using Milliseconds = quint64;

    /// How a scanner types: a key every \p gap, let go at once.
    struct Pace {
        Milliseconds gap;
        Milliseconds hold;
    };
    static constexpr Pace scanner(Milliseconds gap) { return {gap, std::min<Milliseconds>(gap, 5)}; }
    static constexpr Pace fingers() { return {160, 80}; }

    void wait(Milliseconds time) { m_now += time; }

    /// The key goes down in what has the focus, and stays there until up(). \p place: where it is on the keyboard; 0: not known.
    void down(int key, Qt::KeyboardModifiers modifiers = {}, const QString& text = {}, quint32 place = 0)
    {
        send(QEvent::KeyPress, key, modifiers, text, place);
    }
    void up(int key, Qt::KeyboardModifiers modifiers = {}, const QString& text = {}, quint32 place = 0)
    {
        send(QEvent::KeyRelease, key, modifiers, text, place);
    }
    void strike(const Pace& pace, int key, Qt::KeyboardModifiers modifiers = {}, const QString& text = {})
    {
        m_now += pace.gap - pace.hold;
        down(key, modifiers, text);
        m_now += pace.hold;
        up(key, modifiers, text);
    }
    /// A key that does something by itself is held down until it has come \p times more.
    void holdShortcut(int key, int times)
    {
        constexpr Milliseconds kRepeats{33};
        qt_sendShortcutOverrideEvent(QApplication::focusWidget(), m_now, key, {});
        for (int i = 0; i < times; ++i) {
            m_now += kRepeats;
            qt_sendShortcutOverrideEvent(QApplication::focusWidget(), m_now, key, {}, {}, true);
        }
    }
    /// Characters alone; Caps Lock exchanges their case where capsLock is set.
    void type(const QString& text, const Pace& pace)
    {
        for (const auto character : text) {
            const auto letter = capsLock && character.isUpper()   ? character.toLower()
                                : capsLock && character.isLower() ? character.toUpper()
                                                                  : character;
            strike(pace, character.toUpper().unicode(), {}, QString(letter));
        }
    }

    bool capsLock = false;

private:
    void send(QEvent::Type type, int key, Qt::KeyboardModifiers modifiers, const QString& text, quint32 place)
    {
        auto* focus = QApplication::focusWidget();
        QVERIFY(focus != nullptr);
        if (type == QEvent::KeyPress && qt_sendShortcutOverrideEvent(focus, m_now, key, modifiers, text)) {
            return;
        }
        QKeyEvent event(type, key, modifiers, place, 0, capsLock ? 2U : 0U, text);
        event.setTimestamp(m_now);
        QApplication::sendEvent(QApplication::focusWidget(), &event);
    }

    Milliseconds m_now = 1'000'000; ///< of the display server, which has been running for a while
};

} // namespace enroll::test

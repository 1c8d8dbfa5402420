#include "ui/sign_in/touch_watch.h"

#include <QGuiApplication>
#include <QMouseEvent>
#include <QStyleHints>

#include <utility>

namespace enroll::ui {

TouchWatch::TouchWatch(RunController& controller, QObject* parent) : QObject(parent), m_controller(controller)
{
    qApp->installEventFilter(this);
}

bool TouchWatch::comesTooLate(const QMouseEvent& press)
{
    if (m_controller.touched()) {
        m_latePress = press.timestamp();
        return true;
    }
    const auto doubleClick = static_cast<quint64>(QGuiApplication::styleHints()->mouseDoubleClickInterval());
    return press.timestamp() != 0 && m_latePress && press.timestamp() - *m_latePress < doubleClick;
}

bool TouchWatch::eventFilter(QObject* watched, QEvent* event)
{
    bool tooLate = false;
    switch (event->type()) {
    case QEvent::ShortcutOverride: // a key that is a shortcut arrives as this question alone
    case QEvent::KeyPress:
        tooLate = !static_cast<QKeyEvent*>(event)->isAutoRepeat() && m_controller.touched();
        break;
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonDblClick:
        tooLate = comesTooLate(*static_cast<QMouseEvent*>(event));
        m_releaseToo = tooLate;
        break;
    case QEvent::MouseButtonRelease: // of a button that was pressed on what is hidden by now
        tooLate = std::exchange(m_releaseToo, false);
        break;
    case QEvent::TouchBegin:
    case QEvent::TabletPress:
    case QEvent::Wheel:
        tooLate = m_controller.touched();
        break;
    default:
        break;
    }
    if (tooLate) {
        event->accept(); // no shortcut: the key comes as one, and to what is shown by now
        return true;
    }
    return QObject::eventFilter(watched, event);
}

} // namespace enroll::ui

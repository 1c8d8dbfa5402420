#include "app/desktop/station_sounds.h"

#include "core/base/without_exceptions.h"

#include <QCoreApplication>
#include <QEvent>

namespace enroll::app::desktop {

using ui::sound::Sound;

StationSounds::StationSounds(const config::SoundSettings& settings, ui::RunScreen& screen,
                             std::chrono::milliseconds knockAgain, QObject* parent)
    : QObject(parent), m_settings(settings), m_screen(screen), m_player(settings.volume, logFault)
{
    connect(&screen, &ui::RunScreen::alerted, this, &StationSounds::take);
    connect(&m_again, &QTimer::timeout, this, &StationSounds::knockAgain);
    m_again.setInterval(knockAgain);
    qApp->installEventFilter(this);
}

void StationSounds::take(ui::Alert alert)
{
    if (!m_screen.window()->isVisible()) { // nobody is before it yet
        return;
    }
    if (!(alert == ui::Alert::NeedsPerson ? m_settings.attention : m_settings.fail)) {
        return;
    }
    switch (alert) {
    case ui::Alert::Fail:
        m_player.play(Sound::Fail);
        break;
    case ui::Alert::Refused:
        m_player.play(Sound::Refusal);
        break;
    case ui::Alert::NeedsPerson:
        if (!m_again.isActive()) { // else it knocks in any case: a slot that flickers adds nothing
            m_player.play(Sound::Knock);
            m_again.start();
        }
        break;
    }
}

void StationSounds::knockAgain()
{
    if (!m_screen.needsPerson()) {
        return m_again.stop();
    }
    m_player.play(Sound::Knock);
}

bool StationSounds::eventFilter(QObject* watched, QEvent* event)
{
    const auto kind = event->type();
    // A key that is a shortcut arrives as a question first, and never as a press.
    if (kind == QEvent::ShortcutOverride || kind == QEvent::KeyPress || kind == QEvent::MouseButtonPress ||
        kind == QEvent::TouchBegin) {
        m_again.stop();
    }
    return QObject::eventFilter(watched, event);
}

} // namespace enroll::app::desktop

#pragma once

#include "tests/ui/sign_in/sign_in_station.h"
#include "ui/ruler/ruler_screen.h"

namespace enroll::test {

/// A screen of 1920 pixels, 527 mm wide, that says 509 mm of itself.
inline ui::RulerSubject deskScreen()
{
    ui::RulerSubject subject;
    subject.screen = {"HDMI-1", "HP E24 G4", "CN41", 1920, 1080};
    subject.pixels = 1920;
    subject.claimed = 509;
    return subject;
}

/// A station whose window has the page, as the application puts them together.
struct RulerStation : SignInStation {
    explicit RulerStation(const SignInOptions& options = {.need = ::enroll::station::SignIn::Need::Optional})
        : SignInStation(options), page(new ui::RulerScreen(*controller, *runScreen, theme))
    {
        window->addAside(page);
        QObject::connect(page, &ui::RulerScreen::left, window.get(), &ui::MainWindow::leaveAside);
        QObject::connect(page, &ui::RulerScreen::scannedHere, window.get(), [this](const Result<QString>& code) {
            window->leaveAside();
            runScreen->scanned(code);
        });
        QObject::connect(page, &ui::RulerScreen::measured, window.get(),
                         [this](const ::enroll::station::MeasuredScreen& kept) { measured.push_back(kept); });
        page->showSubject(deskScreen());
    }
    void open() { press(Qt::Key_F12); }
    [[nodiscard]] bool isOpen() const { return window->current() == page && page->isVisible(); }
    /// With fingers.
    void write(const QString& text) { keyboard.type(text, Keyboard::fingers()); }
    void strike(int key) { keyboard.strike(Keyboard::fingers(), key); }
    [[nodiscard]] const ui::RulerDraft& draft() const { return page->state().draft; }
    [[nodiscard]] ui::RulerNews news() const { return page->state().news; }

    ui::RulerScreen* page; ///< the window's
    std::vector<::enroll::station::MeasuredScreen> measured;
};

} // namespace enroll::test

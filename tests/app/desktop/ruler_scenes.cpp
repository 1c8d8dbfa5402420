#include "tests/app/desktop/ruler_scenes.h"

#include "core/base/station_code.h"
#include "tests/ui/ruler/ruler_station.h"

namespace enroll::test {

void showRuler(Eyes& eyes)
{
    using namespace ui;
    const auto words = knownWords() + QStringList{QStringLiteral("HP E24 G4"), QStringLiteral("station.toml")};
    RulerStation station;
    station.window->resize(kSceneSize);
    station.open();
    const auto look = [&] { eyes.look(*station.page, QStringLiteral("ruler"), words); };
    for (const auto way : {RulerWay::Length, RulerWay::Ruler, RulerWay::BankCard}) {
        station.page->choose(way);
        look();
    }
    station.page->choose(RulerWay::Length);
    station.page->keep(); // nothing was typed
    look();
    for (const auto* reading : {"20", "263", "3000"}) { // of millimetres: too few, right, too many
        station.page->choose(RulerWay::Length);
        station.write(QString::fromLatin1(reading));
        look();
        station.page->keep();
        look();
    }
    station.page->showNotSaved(sceneError(StationCode::FileUnusable));
    look();
    auto subject = deskScreen();
    subject.claimed.reset();
    station.page->showSubject(subject);
    look();
    subject.configured = 530;
    station.page->showSubject(subject);
    station.page->choose(RulerWay::Ruler);
    station.page->keep();
    look();
    (void)station.page->title();
    (void)station.page->keys();
    (void)station.window->keyLines();
    RulerStation strict({.need = ::enroll::station::SignIn::Need::Required});
    strict.open();
    eyes.look(*strict.page, QStringLiteral("ruler, refused"), words);
}

} // namespace enroll::test

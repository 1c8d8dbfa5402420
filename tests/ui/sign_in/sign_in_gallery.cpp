// Grabs the sign-in screen into a PNG file, for the eye.
//
//     sign_in_gallery pin.png --theme dark --size 1280x800,1920x1080 --state pin
//     sign_in_gallery locked.png --slots 8 --state locked

#include "tests/ui/run/gallery_options.h"
#include "tests/ui/sign_in/sign_in_station.h"

using namespace enroll;
using test::SignInStation;

namespace {

void bring(SignInStation& station, const QString& state)
{
    using namespace std::chrono_literals;
    if (state.startsWith(QLatin1String("locked"))) {
        station.signIn(test::kAnasBadge);
        station.scan(QStringLiteral("GX-000181"));
        station.scan(QStringLiteral("GX-000182"));
        station.scan(enroll::station::Command::StartAll);
        station.wait(5min);
    }
    if (state == QLatin1String("refused") || state == QLatin1String("locked-refused")) {
        station.scan(QStringLiteral("GX-000183"));
    } else if (state == QLatin1String("typed")) {
        station.keyboard.type(QStringLiteral("B0000"), test::Keyboard::fingers());
    } else if (state != QLatin1String("badge") && state != QLatin1String("locked")) {
        station.signIn(test::kBensBadge);
    }
    if (state == QLatin1String("pin") || state == QLatin1String("locked-pin")) {
        station.keyboard.type(QStringLiteral("4712"), test::Keyboard::fingers());
    } else if (state == QLatin1String("long")) {
        station.keyboard.type(QStringLiteral("4712471"), test::Keyboard::fingers());
    }
    const auto wrong = state == QLatin1String("wrong") ? 2 : state == QLatin1String("waiting") ? 5 : 0;
    for (int i = 0; i < wrong; ++i) {
        station.enterPin(QStringLiteral("4712"));
    }
}

} // namespace

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    QApplication::setApplicationVersion(QStringLiteral("2.4.1"));
    const test::GalleryOptions options(
        QStringLiteral("1920x1080"),
        {{QStringLiteral("state"),
          QStringLiteral("badge, typed, refused, pin, long, wrong, waiting, locked, locked-refused or locked-pin"),
          QStringLiteral("STATE"), QStringLiteral("badge")},
         {QStringLiteral("order"), QStringLiteral("the work order"), QStringLiteral("NUMBER"),
          QStringLiteral("WO-4711")},
         {QStringLiteral("fault"), QStringLiteral("why the station is degraded"), QStringLiteral("SENTENCE")}});
    SignInStation station({.lockAfter = std::chrono::minutes{5},
                           .device = test::stallingDevice,
                           .colours = options.theme(),
                           .slots = options.slotCount()});
    test::must(station.controller->takeOrder(enrollment::BatchId{options.text("order").toStdString()}));
    ui::JournalView view;
    view.devices = 178;
    station.runScreen->showJournal(view);
    station.screen->showQueued(12);
    if (options.isSet("fault")) {
        station.screen->showCondition({ui::StationCondition::State::Degraded, options.text("fault")});
    }
    bring(station, options.text("state"));
    for (const auto& size : options.sizes()) {
        station.window->resize(size);
        QCoreApplication::processEvents();
        if (!station.window->grab().save(options.fileFor(size))) {
            return 1;
        }
    }
    station.controller->stopAll();
    return 0;
}

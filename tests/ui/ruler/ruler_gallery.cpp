// Grabs the page on which a screen is measured into a PNG file, for the eye.
//
//     ruler_gallery ruler.png --theme dark --size 1280x800,1920x1080 --state card --distance 2

#include "core/base/station_code.h"
#include "tests/ui/ruler/ruler_station.h"
#include "tests/ui/run/gallery_options.h"

using namespace enroll;
using test::RulerStation;

namespace {

void bring(RulerStation& station, const QString& state)
{
    using ui::RulerWay;
    if (state == QLatin1String("card") || state == QLatin1String("bar")) {
        station.page->choose(state == QLatin1String("card") ? RulerWay::BankCard : RulerWay::Ruler);
    } else if (state == QLatin1String("narrow")) {
        station.write(QStringLiteral("20"));
    } else if (state != QLatin1String("first") && state != QLatin1String("refused")) {
        const auto bar = station.draft().bar;
        station.write(QString::number(bar * 527 / 1920, 'f', 1));
    }
    if (state == QLatin1String("kept") || state == QLatin1String("narrow") || state == QLatin1String("fixed")) {
        station.page->keep();
    } else if (state == QLatin1String("unsaved")) {
        station.page->showNotSaved(makeError(StationCode::FileUnusable, "for the eye"));
    }
}

} // namespace

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    const test::GalleryOptions options(
        QStringLiteral("1920x1080"),
        {{QStringLiteral("state"), QStringLiteral("first, typed, bar, card, kept, narrow, fixed, refused or unsaved"),
          QStringLiteral("STATE"), QStringLiteral("first")}});
    const auto state = options.text("state");
    for (const auto& size : options.sizes()) {
        using Need = station::SignIn::Need;
        RulerStation station(
            {.need = state == QLatin1String("refused") ? Need::Required : Need::Optional, .colours = options.theme()});
        auto subject = test::deskScreen();
        subject.screen.widthPixels = size.width();
        subject.screen.heightPixels = size.height();
        subject.pixels = size.width();
        subject.distanceMetres = options.viewing().distanceMetres;
        if (state == QLatin1String("fixed")) {
            subject.configured = 530;
        }
        station.window->resize(size);
        station.page->showSubject(subject);
        station.open();
        QCoreApplication::processEvents();
        bring(station, state);
        QCoreApplication::processEvents();
        if (!station.window->grab().save(options.fileFor(size))) {
            return 1;
        }
    }
    return 0;
}

#include "app/desktop/card_printing.h"
#include "app/desktop/first_window.h"
#include "app/desktop/lit_display.h"
#include "app/desktop/open_display.h"
#include "app/desktop/refusal_box.h"
#include "app/desktop/screen_language.h"
#include "app/desktop/station_application.h"
#include "core/base/station_code.h"
#include "core/crypto/openssl_lifetime.h"
#include "core/system/base_directories.h"
#include "core/system/interrupt_watch.h"
#include "core/system/standard_descriptors.h"
#include "core/tpm/library_log.h"
#include "ui/shell/window_place.h"

#include <QIcon>

#include <iostream>

namespace {

using namespace enroll;
using namespace enroll::app::desktop;

constexpr int kCannotStart = 2;
constexpr std::chrono::milliseconds kFirstAnswersWithin{2000};

/// Runs \p act on the GUI thread when SIGINT, SIGTERM or SIGHUP asks the program to end, as long as the returned object
/// lives. The signal arrives on a thread of \p interrupts, where no widget may be used.
template <class Act>
auto onSignal(const system::InterruptWatch& interrupts, Act act)
{
    return std::stop_callback{interrupts.token(),
                              [act] { QMetaObject::invokeMethod(qApp, act, Qt::QueuedConnection); }};
}

/// Shows on the screen and on standard error why the station cannot start.
int refuseToStart(const Error& error, const StationOptions& given, const system::InterruptWatch& interrupts)
{
    std::cerr << "enroll-station: " << describeForLog(error) << '\n';
    QApplication::setPalette(ui::paletteOf(ui::tokensOf(ui::shadeFor(given.theme, QGuiApplication::palette()))));
    RefusalBox box(error);
    if (const auto file = missingConfiguration(given.sources)) {
        box.offerSample(*file);
    }
    box.open();
    const auto quit = onSignal(interrupts, [] { QApplication::quit(); });
    QApplication::exec();
    return kCannotStart;
}

/// True if the program that has the station open showed its window.
bool showsFirstWindow(const config::ConfigSources& sources)
{
    const auto config = config::loadStationConfig(sources);
    if (!config.ok() || !FirstWindow::ask(config->dataDirectory, Deadline::in(kFirstAnswersWithin))) {
        return false;
    }
    std::cerr << "enroll-station: "
              << describeForLog(
                     makeError(StationCode::JournalBusy, "this station is open already; its window was shown"))
              << '\n';
    return true;
}

} // namespace

int main(int argc, char** argv)
{
    // In this order: the first two must come before anything opens a file or uses OpenSSL.
    system::occupyStandardDescriptors();
    system::forgetRelativeBaseDirectories(); // before Qt reads them
    crypto::keepOpensslToTheEnd();
    tpm::silenceLibraryLog();                // it sets the environment: before other threads
    const system::InterruptWatch interrupts; // before Qt starts threads, which must inherit the blocked signals
    const std::vector<std::string> words{argv + 1, argv + argc};
    const auto text = parseForText(words); // needs no display
    if (text) {
        return *text;
    }
    const auto application =
        asksForCard(words) ? openWithoutDisplay(argc, argv) : openDisplay(argc, argv, kCannotStart);
    QApplication::setApplicationName(QStringLiteral("enroll-station"));
    QApplication::setApplicationVersion(QStringLiteral(ENROLL_VERSION));
    QApplication::setStyle(QStringLiteral("Fusion"));
    // The entry for scans always has the focus: its cursor, blinking all day, woke the station twice a second.
    QApplication::setCursorFlashTime(0);
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/enroll-station.svg")));

    const auto options = parseOptions(std::vector<std::string>{argv + 1, argv + argc});
    if (const auto* exitCode = std::get_if<int>(&options)) {
        return *exitCode;
    }
    const auto& given = std::get<StationOptions>(options);
    if (given.commandCard) {
        return printCommandCard(*given.commandCard, given.sources);
    }
    auto setup = loadStationSetup(given.sources);
    const ScreenLanguage language(setup.ok() ? setup->config.locale : std::string{});
    QApplication::setApplicationDisplayName(productName());
    if (!setup.ok() && setup.error().code == StationCode::JournalBusy) {
        if (showsFirstWindow(given.sources)) {
            return EXIT_SUCCESS;
        }
        setup = loadStationSetup(given.sources); // the first one may have been about to end
    }
    if (!setup.ok()) {
        return refuseToStart(setup.error(), given, interrupts);
    }
    StationApplication station(*setup, given.theme);
    QSettings windowState(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("enroll-station"),
                          QStringLiteral("window"));
    const ui::WindowPlace place(station.window(), windowState);
    station.show(given.window, place.last());
    const LitDisplay lit;
    const auto close = onSignal(interrupts, [&station] { station.window().closeUnasked(); });
    return QApplication::exec();
}

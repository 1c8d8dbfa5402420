#include "app/desktop/station_application.h"

#include "app/wiring/software_stamp.h"
#include "app/wiring/station_check.h"
#include "app/wiring/station_files.h"
#include "core/base/station_code.h"
#include "core/base/without_exceptions.h"
#include "ui/background/journal_questions.h"
#include "ui/run/scan_messages.h"

#include <QApplication>
#include <QEvent>
#include <QWindow>

#include <algorithm>

namespace enroll::app::desktop {
namespace {

constexpr QSize kFirstSize{1440, 900};
/// The reader's thread has the journal to read, and the window its first picture to show.
constexpr std::chrono::milliseconds kNoPatience{0};

/// None where the time is not known, and none below zero: the clock may have been set back.
std::optional<int> daysSince(const std::optional<UtcTime>& time)
{
    if (!time) {
        return std::nullopt;
    }
    const auto days = std::chrono::floor<std::chrono::days>(utcNow() - *time).count();
    return static_cast<int>(std::max<std::int64_t>(days, 0));
}

} // namespace

StationApplication::StationApplication(const StationSetup& setup, ui::ThemeChoice theme, QObject* parent)
    : QObject(parent), m_screenWidth(setup.config.screenWidthMillimetres), m_screenSizes(setup.config.dataDirectory),
      m_theme(theme, ui::Viewing{.distanceMetres = setup.config.viewingDistanceMetres}), m_acts(setup),
      m_controller(runSetupOf(setup, m_acts.log())), m_reader(journalConnection(wiring::journalOptions(setup.config))),
      m_journal(m_reader, setup.config.dataDirectory), m_window(m_theme, identityOf(setup)),
      m_runScreen(new ui::RunScreen(m_controller, m_theme, identityOf(setup))),
      m_signInScreen(new ui::SignInScreen(m_controller, *m_runScreen, m_theme, identityOf(setup))),
      m_rulerScreen(new ui::RulerScreen(m_controller, *m_runScreen, m_theme)), m_touches(m_controller),
      m_sounds(setup.config.sounds, *m_runScreen), m_scanner(setup.config.scanner),
      m_selfCheck(setup.config.dataDirectory, setup.profile, wiring::softwareStamp(), setup.selfCheck),
      m_first(setup.config.dataDirectory), m_trust(setup.trust), m_trusted(m_trust->now({}, kNoPatience))
{
    addScreens();
    connect(&m_acts, &StationActs::faultChanged, this, &StationApplication::refreshCondition);
    connect(&m_controller, &ui::RunController::runFinished, this, &StationApplication::takeRun);
    connect(&m_journal, &JournalWatcher::viewRead, this, &StationApplication::takeView);
    connect(&m_journal, &JournalWatcher::failed, this, [this](const Error& error) {
        m_journalFault = error;
        m_window.showQueued(std::nullopt); // the last number was true once
        m_signInScreen->showQueued(std::nullopt);
        m_controller.cannotSearch(error);
        refreshCondition();
    });
    m_journal.countSince(m_controller.shiftStart());
    connect(&m_controller, &ui::RunController::personChanged, this, &StationApplication::takePerson);
    connect(m_runScreen, &ui::RunScreen::journalWanted, &m_journal, &JournalWatcher::refresh);
    qApp->installEventFilter(this);
    connect(&m_window, &ui::MainWindow::closing, &m_first, &FirstWindow::stop);
    connect(&m_first, &FirstWindow::asked, &m_window, &ui::MainWindow::bringToFront);
    connect(&m_window, &ui::MainWindow::finished, this, &StationApplication::stopBackground);
    followScanner();
    connect(&m_plugs, &StationPlugs::plugged, &m_controller, &ui::RunController::lookAtOnce);
    followRuler();
    followSelfCheck();
    startUploads(setup);
    if (!m_controller.board().forgotten().empty()) {
        m_runScreen->scanBar().show(ui::forgottenMessage());
    }
}

/// The first one who signs in begins a shift.
void StationApplication::takePerson()
{
    const auto shiftStart = m_controller.shiftStart();
    m_journal.countSince(shiftStart);
    if (shiftStart && !m_controller.signIn().operatorId().empty()) {
        m_selfCheck.beginFor(*shiftStart);
    }
}

/// Adds the screens in the order of the navigation.
void StationApplication::addScreens()
{
    m_window.add(m_runScreen);
    m_window.addEntrance(m_signInScreen);
    m_window.addAside(m_rulerScreen);
    connect(m_signInScreen, &ui::SignInScreen::refused, m_runScreen,
            [this] { Q_EMIT m_runScreen->alerted(ui::Alert::Refused); });
    connect(&m_controller, &ui::RunController::signInChanged, this, &StationApplication::keepEntrance);
    keepEntrance();
}

void StationApplication::keepEntrance()
{
    using enum ui::MainWindow::Entrance;
    m_window.setEntrance(m_controller.signIn().asksFirst() ? Closed : Open);
}

/// Every thread is asked to stop first. The members' destructors then join them one after another, and the waits
/// overlap.
StationApplication::~StationApplication()
{
    m_controller.stopAll(ui::RunController::By::Nobody);
    stopBackground();
}

void StationApplication::followScanner()
{
    connect(&m_scanner, &StationScanner::codeRead, this, [this](const Result<QString>& code) {
        if (code.ok()) { // noise on the line is nobody
            m_sounds.touched();
            m_controller.touched();
        }
        m_window.current()->scanned(code);
    });
    connect(&m_scanner, &StationScanner::changed, this, [this](const std::optional<Error>& trouble) {
        m_scannerFault = trouble;
        m_runScreen->showScanner(trouble);
        refreshCondition();
    });
}

void StationApplication::followSelfCheck()
{
    connect(m_runScreen, &ui::RunScreen::checkWanted, &m_selfCheck, &StationSelfCheck::begin);
    connect(&m_selfCheck, &StationSelfCheck::began, m_runScreen, &ui::RunScreen::sayChecking);
    connect(&m_selfCheck, &StationSelfCheck::ended, m_runScreen, &ui::RunScreen::sayChecked);
    connect(&m_selfCheck, &StationSelfCheck::changed, this, &StationApplication::refreshCondition);
    m_controller.askBeforeStart([this] { return checkBeforeStart(); });
    refreshCondition(); // overdue from the start: no test before the check
}

/// No timer runs while the machine sleeps, and a coarse one comes late: the check may be overdue and nobody know it yet.
std::optional<Error> StationApplication::checkBeforeStart()
{
    auto fault = m_selfCheck.fault();
    if (fault && !m_controller.stopReason()) {
        const auto stop = [this] {
            refreshCondition();
            m_selfCheck.lookAgain(m_reader);
        };
        QMetaObject::invokeMethod(this, stop, Qt::QueuedConnection); // behind what is said of this start
    }
    return fault;
}

void StationApplication::startUploads(const StationSetup& setup)
{
    for (const auto& destination : setup.config.destinations) {
        m_uploads.push_back(std::make_unique<UploadFollower>(wiring::journalOptions(setup.config), destination));
        connect(m_uploads.back().get(), &UploadFollower::changed, this, [this] {
            m_window.refresh();
            refreshCondition();
        });
    }
}

void StationApplication::show(WindowStart start, const QByteArray& lastGeometry)
{
    if (!m_window.restoreGeometry(lastGeometry)) {
        m_window.resize(kFirstSize.boundedTo(m_window.screen()->availableSize()));
    }
    switch (start) {
    case WindowStart::Normal:
        m_window.show();
        break;
    case WindowStart::FullScreen:
        m_window.fillDisplay();
        break;
    case WindowStart::Kiosk:
        m_window.beKiosk();
        break;
    }
    followScreen();
    connect(m_window.windowHandle(), &QWindow::screenChanged, this, &StationApplication::followScreen);
    // A kiosk may run without a window manager; then nobody else gives the window the keyboard.
    m_window.activateWindow();
    m_window.current()->takeFocus();
}

bool StationApplication::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Quit && m_window.isVisible()) {
        m_window.closeUnasked();
        return m_window.isVisible(); // the last window that closes asks again
    }
    return QObject::eventFilter(watched, event);
}

void StationApplication::followRuler()
{
    connect(m_rulerScreen, &ui::RulerScreen::left, &m_window, &ui::MainWindow::leaveAside);
    connect(m_rulerScreen, &ui::RulerScreen::scannedHere, this, [this](const Result<QString>& code) {
        m_window.leaveAside(); // hands that scan go on with their work
        m_runScreen->scanned(code);
    });
    connect(m_rulerScreen, &ui::RulerScreen::measured, this, [this](const station::MeasuredScreen& screen) {
        m_screenSizes.keep(screen);
        followScreen();
    });
    connect(&m_screenSizes, &ScreenSizes::written, this, [this](const Result<void>& outcome) {
        if (!outcome.ok()) {
            m_rulerScreen->showNotSaved(outcome.error());
        }
    });
}

void StationApplication::followScreen()
{
    auto* screen = m_window.screen();
    if (m_followed != screen) {
        if (m_followed) {
            m_followed->disconnect(this);
        }
        m_followed = screen;
        connect(screen, &QScreen::geometryChanged, this, &StationApplication::followScreen);
    }
    ui::RulerSubject subject;
    subject.screen = ScreenSizes::idOf(*screen);
    subject.pixels = screen->size().width();
    if (const auto claimed = screen->physicalSize().width(); claimed > 0) {
        subject.claimed = claimed;
    }
    subject.measured = m_screenSizes.widthOf(subject.screen);
    subject.configured = m_screenWidth;
    auto viewing = m_theme.viewing();
    subject.distanceMetres = viewing.distanceMetres;
    viewing.dotsPerInch = ui::dotsPerInch(screen->size().width(), m_screenWidth ? m_screenWidth : subject.measured,
                                          screen->physicalDotsPerInchX());
    m_theme.setViewing(viewing);
    m_rulerScreen->showSubject(subject);
}

void StationApplication::takeView(const ui::JournalView& view)
{
    m_journalFault.reset();
    m_acts.retry();
    m_runScreen->showJournal(view);
    m_window.showQueued(view.queued);
    m_signInScreen->showQueued(view.queued);
    refreshCondition();
    searchKept();
    lookAtTrust();
    m_selfCheck.lookAgain(m_reader);
}

void StationApplication::lookAtTrust()
{
    struct Look { // a value, whatever it says: no connection to the journal is at fault
        Trusted trusted;
    };
    m_trustAnswer = m_reader.ask<Look>(
        [trust = m_trust](db::review::JournalReader&, const std::stop_token& stop) -> Result<Look> {
            return Look{trust->now(stop, kNoPatience)};
        },
        [this](const Result<Look>& look) {
            if (look.ok()) {
                takeTrust(look->trusted);
            }
        });
}

/// What is being changed just now stays as it was seen last: the next look comes within seconds.
void StationApplication::takeTrust(const Trusted& trusted)
{
    if (!trusted.ok() && trusted.error().code != StationCode::TrustUnreadable) {
        return;
    }
    const auto before = trustFault();
    m_trusted = trusted;
    const auto fault = trustFault();
    if (fault && (!before || before->what != fault->what)) {
        logFault(*fault);
    }
    refreshCondition();
}

std::optional<Error> StationApplication::trustFault() const
{
    const bool isFault = !m_trusted.ok() && m_trusted.error().code == StationCode::TrustUnreadable;
    return isFault ? std::optional{m_trusted.error()} : std::nullopt;
}

ui::TrustState StationApplication::trustState() const
{
    if (!m_trusted.ok()) {
        return {.fault = trustFault()};
    }
    const auto& now = **m_trusted;
    return {.missing = !wiring::requireAnchors(now.store, m_controller.profile()).ok(), .days = daysSince(now.newest)};
}

void StationApplication::searchKept()
{
    using Found = std::map<enrollment::SlotNumber, std::optional<enrollment::AttestationRun>>;
    auto tests = m_controller.unsearched();
    if (tests.empty()) {
        return;
    }
    m_kept = m_reader.ask<Found>(
        [tests = std::move(tests)](db::review::JournalReader& journal, const std::stop_token& stop) {
            return ui::runsOf(journal, tests, stop);
        },
        [this](const Result<Found>& found) {
            if (!found.ok()) {
                return m_controller.cannotSearch(found.error());
            }
            m_controller.takeKept(*found);
            m_window.refresh(); // the records of what is shown now
        });
}

/// A run that could not be saved stops testing at once, before the journal watcher's next look.
void StationApplication::takeRun(const enrollment::AttestationRun& run)
{
    if (run.outcome == Outcome::StationFault && run.code == StationCode::JournalAltered) {
        m_altered = makeError(*knownIn(run.code), run.headline);
    }
    if (run.outcome == Outcome::StationFault && run.code == StationCode::JournalCannotSave) {
        m_journalFault = makeError(*knownIn(run.code), run.headline);
        m_journal.saveFailed();
    }
    m_window.refresh();
    refreshCondition();
}

std::optional<Error> StationApplication::whatStops() const
{
    for (const auto& fault : {m_altered, m_journalFault, m_acts.fault(), trustFault()}) {
        if (fault) {
            return fault;
        }
    }
    return m_selfCheck.fault();
}

void StationApplication::refreshCondition()
{
    std::vector<ui::UploadState> uploads;
    for (const auto& upload : m_uploads) {
        uploads.push_back(upload->state());
    }
    const auto stopped = whatStops();
    stopped ? m_controller.stopTesting(*stopped) : m_controller.allowTesting();
    const auto condition = ui::stationCondition(m_controller.board(), stopped, uploads, trustState(), m_scannerFault);
    m_window.showCondition(condition);
    m_signInScreen->showCondition(condition);
}

void StationApplication::stopBackground() noexcept
{
    m_reader.requestStop();
    m_scanner.requestStop();
    m_selfCheck.requestStop();
    for (const auto& upload : m_uploads) {
        upload->requestStop();
    }
}

} // namespace enroll::app::desktop

#pragma once

#include "app/desktop/first_window.h"
#include "app/desktop/journal_watcher.h"
#include "app/desktop/screen_sizes.h"
#include "app/desktop/station_acts.h"
#include "app/desktop/station_options.h"
#include "app/desktop/station_plugs.h"
#include "app/desktop/station_scanner.h"
#include "app/desktop/station_self_check.h"
#include "app/desktop/station_setup.h"
#include "app/desktop/station_sounds.h"
#include "app/desktop/upload_follower.h"
#include "ui/ruler/ruler_screen.h"
#include "ui/run/run_screen.h"
#include "ui/shell/main_window.h"
#include "ui/sign_in/sign_in_screen.h"
#include "ui/sign_in/touch_watch.h"

#include <QPointer>
#include <QScreen>

namespace enroll::app::desktop {

/// Creates and connects slots, journal, uploads and the window. At the end every thread is asked to stop before the
/// first is joined, so that their waits overlap.
class StationApplication final : public QObject {
    Q_OBJECT

public:
    StationApplication(const StationSetup& setup, ui::ThemeChoice theme, QObject* parent = nullptr);
    ~StationApplication() override;

    /// \p lastGeometry is the result of QWidget::saveGeometry() at the last close; empty at the first start.
    void show(WindowStart start, const QByteArray& lastGeometry = {});
    /// The session ends, or something asked the application to quit: slots stop first, whatever a person would be asked.
    bool eventFilter(QObject* watched, QEvent* event) override;
    [[nodiscard]] ui::MainWindow& window() { return m_window; }
    [[nodiscard]] ui::RunScreen& runScreen() { return *m_runScreen; }
    [[nodiscard]] ui::SignInScreen& signInScreen() { return *m_signInScreen; }
    [[nodiscard]] const ui::Theme& theme() const { return m_theme; }
    [[nodiscard]] ui::RulerScreen& rulerScreen() { return *m_rulerScreen; }
    [[nodiscard]] ui::RunController& controller() { return m_controller; }

private:
    void addScreens();
    void takePerson();
    void followScanner();
    void followSelfCheck();
    /// Why the station's check of itself lets no test start now; the station then stops, and looks for a later check.
    [[nodiscard]] std::optional<Error> checkBeforeStart();
    /// The entrance of the window is closed while somebody has to sign in first.
    void keepEntrance();
    void startUploads(const StationSetup& setup);
    void followRuler();
    /// Of the screen that the window is on, by whoever knows best how wide it is.
    void followScreen();
    void takeView(const ui::JournalView& view);
    using Trusted = db::trust::CurrentTrust::Answer;
    /// On the background reader's thread: there may be hundreds of certificates.
    void lookAtTrust();
    void takeTrust(const Trusted& trusted);
    [[nodiscard]] std::optional<Error> trustFault() const;
    [[nodiscard]] ui::TrustState trustState() const;
    /// Asks the journal what came of the tests that the slots showed before the program started, until it answers.
    void searchKept();
    void takeRun(const enrollment::AttestationRun& run);
    /// Why nothing may be tested now: the journal, the authorities, or the station's check of itself.
    [[nodiscard]] std::optional<Error> whatStops() const;
    void refreshCondition();
    void stopBackground() noexcept;

    // In the order of their dependencies; destroyed from the last.
    std::optional<double> m_screenWidth; ///< as the configuration says, in millimetres
    ScreenSizes m_screenSizes;
    ui::Theme m_theme;
    StationActs m_acts;
    ui::RunController m_controller;
    ui::BackgroundReader m_reader;
    JournalWatcher m_journal;
    ui::MainWindow m_window;
    ui::RunScreen* m_runScreen;       ///< the window's
    ui::SignInScreen* m_signInScreen; ///< the window's
    ui::RulerScreen* m_rulerScreen;   ///< the window's
    QPointer<QScreen> m_followed;     ///< whose geometry is followed
    ui::TouchWatch m_touches;
    StationSounds m_sounds;
    StationScanner m_scanner;
    StationPlugs m_plugs;
    StationSelfCheck m_selfCheck;
    FirstWindow m_first;
    ui::PendingAnswer m_kept;
    std::vector<std::unique_ptr<UploadFollower>> m_uploads;
    std::shared_ptr<db::trust::CurrentTrust> m_trust;
    Trusted m_trusted; ///< as it was seen last
    ui::PendingAnswer m_trustAnswer;
    std::optional<Error> m_scannerFault;
    std::optional<Error> m_journalFault; ///< of the latest look at the journal
    std::optional<Error> m_altered;      ///< S-303 reported by a run; a later good look does not clear it
};

} // namespace enroll::app::desktop

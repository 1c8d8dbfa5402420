#pragma once

#include "app/station/journal_watcher.h"
#include "app/station/station_options.h"
#include "app/station/station_setup.h"
#include "app/station/upload_follower.h"
#include "ui/run/run_screen.h"
#include "ui/shell/main_window.h"

namespace enroll::app::station {

/// The desktop put together: slots, journal, uploads and the window, each thread told to stop before any is joined.
class StationApplication final : public QObject {
    Q_OBJECT

public:
    StationApplication(const StationSetup& setup, ui::ThemeChoice theme, QObject* parent = nullptr);
    ~StationApplication() override;

    /// \p lastGeometry: what the window's saveGeometry() said when it closed; empty at the first start.
    void show(WindowStart start, const QByteArray& lastGeometry = {});
    [[nodiscard]] ui::MainWindow& window() { return m_window; }
    [[nodiscard]] ui::RunScreen& runScreen() { return *m_runScreen; }
    [[nodiscard]] ui::RunController& controller() { return m_controller; }

private:
    void addScreens();
    void startUploads(const StationSetup& setup);
    void takeView(const ui::JournalView& view);
    void takeRun(const enrollment::AttestationRun& run);
    void refreshCondition();
    void stopBackground() noexcept;

    // In the order of their dependencies; destroyed from the last.
    ui::Theme m_theme;
    ui::RunController m_controller;
    ui::BackgroundReader m_reader;
    JournalWatcher m_journal;
    ui::MainWindow m_window;
    ui::RunScreen* m_runScreen; ///< the window's
    std::vector<std::unique_ptr<UploadFollower>> m_uploads;
    std::optional<Error> m_journalFault; ///< as the journal is now
    std::optional<Error> m_altered;      ///< told by a run; no look at the journal takes it back
};

} // namespace enroll::app::station

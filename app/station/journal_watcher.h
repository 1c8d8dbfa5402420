#pragma once

#include "db/journal/journal_options.h"
#include "ui/run/run_screen.h"

#include <QObject>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace enroll::app::station {

/// Reads today's counters and the state of records on a thread and a connection of its own, and tells them as values on
/// the thread this object lives on. Opens the journal first thing, so that a station that cannot save says so before
/// the first device.
class JournalWatcher final : public QObject {
    Q_OBJECT

public:
    explicit JournalWatcher(db::journal::JournalOptions options, QObject* parent = nullptr);
    ~JournalWatcher() override;

    /// Reads again soon; \p onShow are the runs whose records are on the screen.
    void refresh(std::vector<enrollment::RunId> onShow);
    void requestStop() noexcept { m_thread.request_stop(); }

Q_SIGNALS:
    void viewRead(const enroll::ui::JournalView& view);
    void failed(const enroll::Error& error);

private:
    void watch(const std::stop_token& stop);
    std::vector<enrollment::RunId> waitForRequest(const std::stop_token& stop);
    Result<ui::JournalView> read(const std::vector<enrollment::RunId>& onShow) const;

    db::journal::JournalOptions m_options;
    std::mutex m_mutex;
    std::condition_variable_any m_woken;
    std::vector<enrollment::RunId> m_onShow;
    bool m_requested = true;
    std::jthread m_thread; // last: joined before the members it uses are gone
};

} // namespace enroll::app::station

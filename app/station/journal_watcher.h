#pragma once

#include "db/journal/journal_options.h"
#include "ui/run/run_screen.h"

#include <QObject>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace enroll::app::station {

/// Reads today's counters and the state of records on a thread and a connection of its own, and tells them as values on
/// the thread this object lives on. Opens the journal and tries to write beside it first thing, so that a station that
/// cannot save says so before the first device; while it cannot, it is tried again every few seconds.
class JournalWatcher final : public QObject {
    Q_OBJECT

public:
    explicit JournalWatcher(db::journal::JournalOptions options, QObject* parent = nullptr);
    ~JournalWatcher() override;

    /// Reads again soon; \p onShow are the runs whose records are on the screen.
    void refresh(std::vector<enrollment::RunId> onShow);
    /// A run could not be saved: what was read before proves nothing any more. Reads again soon, and tries to write.
    void doubt(std::vector<enrollment::RunId> onShow);
    void requestStop() noexcept { m_thread.request_stop(); }

Q_SIGNALS:
    void viewRead(const enroll::ui::JournalView& view);
    void failed(const enroll::Error& error);

private:
    struct Request {
        std::vector<enrollment::RunId> onShow;
        unsigned doubts = 0;
    };

    void watch(const std::stop_token& stop);
    Request waitForRequest(const std::stop_token& stop);
    void tell(unsigned doubts, const Result<ui::JournalView>& view);
    Result<ui::JournalView> read(const std::vector<enrollment::RunId>& onShow) const;

    db::journal::JournalOptions m_options;
    std::mutex m_mutex;
    std::condition_variable_any m_woken;
    std::vector<enrollment::RunId> m_onShow;
    std::atomic<unsigned> m_doubts{0};
    bool m_requested = true;
    std::jthread m_thread; // last: joined before the members it uses are gone
};

} // namespace enroll::app::station

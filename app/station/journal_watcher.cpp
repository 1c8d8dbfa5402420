#include "app/station/journal_watcher.h"

#include "db/journal/sqlite_journal.h"
#include "db/review/day_counters.h"
#include "db/review/run_query.h"

#include <QDateTime>

namespace enroll::app::station {
namespace {

// Another program (an upload from the command line) may change records without telling us.
constexpr std::chrono::seconds kLongestSilence{5};

UtcTime startOfToday()
{
    return UtcTime{std::chrono::milliseconds{QDate::currentDate().startOfDay().toMSecsSinceEpoch()}};
}

} // namespace

JournalWatcher::JournalWatcher(db::journal::JournalOptions options, QObject* parent)
    : QObject(parent), m_options(std::move(options)), m_thread([this](const std::stop_token& stop) { watch(stop); })
{}

JournalWatcher::~JournalWatcher() = default;

void JournalWatcher::refresh(std::vector<enrollment::RunId> onShow)
{
    {
        const std::lock_guard lock(m_mutex);
        m_onShow = std::move(onShow);
        m_requested = true;
    }
    m_woken.notify_one();
}

std::vector<enrollment::RunId> JournalWatcher::waitForRequest(const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    m_woken.wait_for(lock, stop, kLongestSilence, [this] { return m_requested; });
    m_requested = false;
    return m_onShow;
}

void JournalWatcher::watch(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        const auto onShow = waitForRequest(stop);
        if (stop.stop_requested()) {
            return;
        }
        auto view = read(onShow);
        if (view.ok()) {
            QMetaObject::invokeMethod(
                this, [this, read = *view] { Q_EMIT viewRead(read); }, Qt::QueuedConnection);
        } else {
            QMetaObject::invokeMethod(
                this, [this, error = view.error()] { Q_EMIT failed(error); }, Qt::QueuedConnection);
        }
    }
}

Result<ui::JournalView> JournalWatcher::read(const std::vector<enrollment::RunId>& onShow) const
{
    TRY(db::journal::SqliteJournal::open(m_options)); // makes it on the first day, and shows that it can be written
    const auto counters = TRY(TRY(db::review::DayCounterQuery::open(m_options.dataDirectory))->since(startOfToday()));
    ui::JournalView view{{counters.pass, counters.fail, counters.hold, counters.firstPassYield()},
                         counters.devices,
                         counters.queued,
                         {}};
    const auto runs = TRY(db::review::RunQuery::open(m_options.dataDirectory));
    for (const auto& runId : onShow) {
        const auto run = TRY(runs->show(runId));
        if (run.record) {
            view.records.emplace(runId, *run.record);
        }
    }
    return view;
}

} // namespace enroll::app::station

#include "app/station/journal_watcher.h"

#include "core/base/station_code.h"
#include "db/journal/sqlite_journal.h"
#include "db/review/day_counters.h"
#include "db/review/run_query.h"

#include <QDateTime>
#include <QFile>

#include <filesystem>
#include <unistd.h>

namespace enroll::app::station {
namespace {

// Another program (an upload from the command line) may change records without telling us.
constexpr std::chrono::seconds kLongestSilence{5};
// More than the slots of a station write at once.
constexpr qsizetype kRoomForRuns = 1024 * 1024;
constexpr auto kTrialFile = ".write-trial";

UtcTime startOfToday()
{
    return UtcTime{std::chrono::milliseconds{QDate::currentDate().startOfDay().toMSecsSinceEpoch()}};
}

Error cannotSave(std::string what)
{
    return makeError(StationCode::JournalCannotSave, std::move(what), "try the data directory");
}

/// A disk that is nearly full says so before a device is tested for nothing.
Result<void> requireSpace(const std::filesystem::path& directory)
{
    std::error_code unknown;
    const auto space = std::filesystem::space(directory, unknown);
    if (!unknown && space.available < static_cast<std::uintmax_t>(kRoomForRuns)) {
        return cannotSave("the disk of " + directory.string() + " is full");
    }
    return {};
}

/// A directory that lost its rights and a disk without room show only when something is written.
Result<void> tryToWrite(const std::filesystem::path& directory)
{
    QFile file(QString::fromStdString((directory / kTrialFile).string()));
    const auto opened = file.open(QIODevice::WriteOnly | QIODevice::Truncate | QIODevice::Unbuffered);
    const auto written =
        opened && file.write(QByteArray(kRoomForRuns, '\0')) == kRoomForRuns && ::fsync(file.handle()) == 0;
    const auto why = file.errorString().toStdString();
    file.close();
    if (opened) {
        file.remove();
    }
    return written ? Result<void>{} : cannotSave("nothing can be written to " + directory.string() + ": " + why);
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

void JournalWatcher::doubt(std::vector<enrollment::RunId> onShow)
{
    ++m_doubts;
    refresh(std::move(onShow));
}

JournalWatcher::Request JournalWatcher::waitForRequest(const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    m_woken.wait_for(lock, stop, kLongestSilence, [this] { return m_requested; });
    m_requested = false;
    return {m_onShow, m_doubts};
}

void JournalWatcher::watch(const std::stop_token& stop)
{
    std::optional<unsigned> trusted; // so many doubts are answered by a write that succeeded
    while (!stop.stop_requested()) {
        const auto request = waitForRequest(stop);
        if (stop.stop_requested()) {
            return;
        }
        auto view = read(request.onShow);
        if (view.ok() && trusted != request.doubts) {
            if (const auto written = tryToWrite(m_options.dataDirectory); !written.ok()) {
                view = written.error();
            }
        }
        trusted = view.ok() ? std::optional{request.doubts} : std::nullopt;
        tell(request.doubts, view);
    }
}

void JournalWatcher::tell(unsigned doubts, const Result<ui::JournalView>& view)
{
    QMetaObject::invokeMethod(
        this,
        [this, doubts, view] {
            if (doubts != m_doubts) { // read before the last doubt
                return;
            }
            view.ok() ? Q_EMIT viewRead(*view) : Q_EMIT failed(view.error());
        },
        Qt::QueuedConnection);
}

Result<ui::JournalView> JournalWatcher::read(const std::vector<enrollment::RunId>& onShow) const
{
    TRY(db::journal::SqliteJournal::open(m_options)); // makes it on the first day, and shows that it can be written
    TRY(requireSpace(m_options.dataDirectory));
    const auto counters = TRY(TRY(db::review::DayCounterQuery::open(m_options.dataDirectory))->since(startOfToday()));
    ui::JournalView view{{counters.pass, counters.fail, counters.hold, counters.firstPassYield()},
                         counters.devices,
                         counters.queued,
                         {}};
    TRY_ASSIGN(const auto runs, db::review::RunQuery::open(m_options.dataDirectory));
    for (const auto& runId : onShow) {
        TRY_ASSIGN(const auto run, runs->show(runId));
        if (run.record) {
            view.records.emplace(runId, *run.record);
        }
    }
    return view;
}

} // namespace enroll::app::station

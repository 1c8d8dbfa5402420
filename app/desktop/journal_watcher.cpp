#include "app/desktop/journal_watcher.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/system/durable_file.h"
#include "db/journal/sqlite_journal.h"
#include "ui/background/journal_questions.h"

#include <filesystem>
#include <unistd.h>

namespace enroll::app::desktop {
namespace {

// More than all slots of a station write at the same time.
constexpr std::size_t kRoomForRuns = std::size_t{1024} * 1024;
constexpr auto kTrialFile = ".write-trial";

/// Error S-301 if the disk is nearly full: a device would be tested whose run cannot be saved.
Result<void> requireSpace(const std::filesystem::path& directory)
{
    std::error_code unknown;
    const auto space = std::filesystem::space(directory, unknown);
    if (!unknown && space.available < kRoomForRuns) {
        return makeError(StationCode::JournalCannotSave, "the disk of " + directory.string() + " is full",
                         "try the data directory");
    }
    return {};
}

/// The cheap check that every look makes: permissions and free space. It cannot see a failing disk, a quota or a file
/// system that was remounted; tryToWrite() can.
Result<void> requireWritable(const std::filesystem::path& directory)
{
    for (const auto& path : {directory, db::journal::journalFile(directory)}) {
        if (::access(path.c_str(), W_OK) != 0) {
            return makeError(StationCode::JournalCannotSave, path.string() + " cannot be written", "access",
                             Errno{errno});
        }
    }
    return requireSpace(directory);
}

/// The thorough check: writes, syncs and removes a trial file in the data directory. The journal itself is not touched.
Result<void> tryToWrite(const std::filesystem::path& directory)
{
    const auto trial = directory / kTrialFile;
    auto written = system::writeDurably(trial, Bytes(kRoomForRuns), system::FileMode::OwnerOnly);
    std::error_code notThere;
    std::filesystem::remove(trial, notThere);
    return recoded(std::move(written), StationCode::JournalCannotSave);
}

} // namespace

/// Opening for writing makes or migrates the journal; reading does neither. So it is opened for writing once and
/// closed.
ui::BackgroundReader::Connect journalConnection(db::journal::JournalOptions options)
{
    return [options = std::move(options)]() -> Result<std::unique_ptr<db::review::JournalReader>> {
        TRY(db::journal::SqliteJournal::open(options));
        return db::review::JournalReader::open(options.dataDirectory);
    };
}

JournalWatcher::JournalWatcher(ui::BackgroundReader& reader, std::filesystem::path dataDirectory,
                               std::chrono::milliseconds interval, QObject* parent)
    : QObject(parent), m_reader(reader), m_directory(std::move(dataDirectory))
{
    connect(&m_timer, &QTimer::timeout, this, &JournalWatcher::lookSoon);
    m_timer.start(interval);
    look();
}

void JournalWatcher::refresh(std::vector<enrollment::RunId> onShow)
{
    m_onShow = std::move(onShow);
    lookSoon();
}

/// Looks now, or once more after the look under way. However many calls come during one look, one look follows.
void JournalWatcher::lookSoon()
{
    if (m_looking) {
        m_next = Next::LookAgain;
        return;
    }
    look();
}

void JournalWatcher::countSince(std::optional<UtcTime> shiftStart)
{
    if (std::exchange(m_since, shiftStart) != shiftStart) {
        lookSoon();
    }
}

void JournalWatcher::saveFailed()
{
    m_writable = false;
    look();
}

void JournalWatcher::look()
{
    m_looking = true;
    m_next = Next::Nothing;
    const auto question = [directory = m_directory, onShow = m_onShow, writable = m_writable,
                           since = m_since](db::review::JournalReader& journal,
                                            const std::stop_token& stop) -> Result<ui::JournalView> {
        TRY(requireWritable(directory));
        if (!writable) {
            TRY(tryToWrite(directory));
        }
        return ui::journalView(journal, onShow, stop, since);
    };
    m_answer = m_reader.ask<ui::JournalView>(question, [this](const auto& view) { take(view); });
}

void JournalWatcher::take(const Result<ui::JournalView>& view)
{
    m_looking = false;
    m_writable = view.ok();
    view.ok() ? Q_EMIT viewRead(*view) : Q_EMIT failed(view.error());
    if (m_next == Next::LookAgain) {
        look();
    }
}

} // namespace enroll::app::desktop

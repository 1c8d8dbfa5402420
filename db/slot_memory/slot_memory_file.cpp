#include "db/slot_memory/slot_memory_file.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/without_exceptions.h"
#include "core/system/directory.h"
#include "core/system/durable_file.h"
#include "core/system/file_lock.h"
#include "core/system/latest_writer.h"
#include "core/system/regular_file.h"
#include "core/system/whole_file.h"
#include "db/qt/values.h"
#include "db/slot_memory/kept_tests_document.h"

#include <mutex>

namespace enroll::db::slot_memory {
namespace {

namespace fs = std::filesystem;
using enrollment::SlotNumber;
using station::KeptTest;
using station::KeptTests;

constexpr auto kThread = "slot memory thread";
// A few hundred bytes a slot; more is no file of this program's.
constexpr std::size_t kLongest = std::size_t{1024} * 1024;
constexpr int kMostSetAside = 1000;
constexpr auto kAside = ".unreadable-";

Error unusable(const fs::path& file, const std::string& why)
{
    return makeError(StationCode::FileUnusable, file.string() + " " + why, "read what the slots showed");
}

/// A file that was set aside and in whose place nothing was written: a start that was cut off between the two, or a disk
/// that was full.
Result<void> requireNothingSetAside(const fs::path& file)
{
    TRY_ASSIGN(const auto entries, system::entriesOf(file.parent_path()));
    for (const auto& entry : entries.value_or(std::vector<fs::path>{})) {
        if (entry.filename().string().starts_with(file.filename().string() + kAside)) {
            return unusable(file, "is not there, and " + entry.string() + " is, which could not be read");
        }
    }
    return {};
}

/// Moves what cannot be read out of the way of the next write; returns its new name, empty where it stays.
fs::path setAside(const fs::path& file)
{
    std::error_code unknown;
    if (!system::isLink(file) && !fs::is_regular_file(file, unknown)) {
        return {};
    }
    for (int i = 1; i <= kMostSetAside; ++i) {
        fs::path name{file.string() + kAside + std::to_string(i)};
        if (system::isAnythingThere(name)) {
            continue;
        }
        const auto moved = system::moveToFreeName(file, name);
        if (!moved.ok()) {
            return {};
        }
        if (*moved) {
            return name;
        }
    }
    return {};
}

/// A serial number that waits is told anew at every look at its slot; when it was scanned, the first time says.
bool isSame(const KeptTest& known, const KeptTest& test)
{
    const bool waits = !known.runId && !test.runId;
    return known == test || (waits && known.serial == test.serial && known.device == test.device);
}

/// Of each slot that nobody knows what it showed.
KeptTests nothingKnown(const std::map<SlotNumber, std::string>& devices)
{
    KeptTests tests;
    for (const auto& [slot, device] : devices) {
        tests.emplace(slot, KeptTest{std::nullopt, utcNow(), std::nullopt, device});
    }
    return tests;
}

/// None where nothing can be made in the directory: it takes no journal either, and the journal stops the station. What
/// has the lock's name and is no lock keeps nobody out.
Result<std::optional<system::FileLock>> lockOf(const fs::path& dataDirectory)
{
    const auto place = stationLockFile(dataDirectory);
    auto lock = system::FileLock::acquire(place, Deadline::in(std::chrono::milliseconds{0}));
    if (!lock.ok() && lock.error().code == StationCode::JournalBusy) {
        return prefixed("another enroll-station has this data directory open: ", std::move(lock).error());
    }
    if (!lock.ok() && system::isAnythingThere(place)) {
        return std::move(lock).error();
    }
    return lock.ok() ? std::optional{std::move(lock).value()} : std::nullopt;
}

} // namespace

fs::path slotMemoryFile(const fs::path& dataDirectory)
{
    return dataDirectory / "slots.json";
}

fs::path stationLockFile(const fs::path& dataDirectory)
{
    return dataDirectory / "station.lock";
}

Result<KeptTests> readKeptTests(const fs::path& dataDirectory, const enrollment::ProductProfile& profile)
{
    const auto file = slotMemoryFile(dataDirectory);
    if (system::isLink(file)) {
        return unusable(file, "is a symbolic link, which the station never follows");
    }
    TRY_ASSIGN(const bool there, system::fileIsThere(file));
    if (!there) {
        TRY(requireNothingSetAside(file));
        return KeptTests{};
    }
    TRY_ASSIGN(const auto text, system::readWholeFile(file, kLongest));
    return prefixed(file.string() + ": ", keptTestsFromText(text, profile));
}

struct SlotMemoryFile::Impl {
    fs::path file;
    std::optional<system::FileLock> lock;
    KeptTests kept;
    std::optional<Error> fault;
    bool inTheWay = false; ///< what could not be read: it is never replaced. Of the writer's thread, once there is one

    std::mutex mutex;
    KeptTests tests;                            ///< under mutex
    std::optional<system::LatestWriter> writer; // last: ends before what it uses is gone

    Impl(fs::path place, std::optional<system::FileLock> owner) : file(std::move(place)), lock(std::move(owner)) {}

    /// Under mutex; returns the number of the change.
    std::uint64_t set(SlotNumber slot, const std::optional<KeptTest>& test)
    {
        if (test) {
            tests[slot] = *test;
        } else {
            tests.erase(slot);
        }
        return writer->changed();
    }

    /// \p why the file cannot be read.
    void startAnew(Error why, const std::map<SlotNumber, std::string>& devices)
    {
        why.what += "; what the slots showed last is not known";
        const bool there = system::isAnythingThere(file);
        const auto movedTo = there ? setAside(file) : fs::path{};
        inTheWay = there && movedTo.empty();
        if (there) {
            why.what +=
                inTheWay ? ", and nothing is kept while it is there" : ", and the file is " + movedTo.string() + " now";
        }
        fault = std::move(why);
        kept = nothingKnown(devices);
    }

    [[nodiscard]] QByteArray text()
    {
        const std::lock_guard held(mutex);
        return keptTestsText(tests);
    }

    Result<void> replace(const QByteArray& text)
    {
        if (inTheWay && system::isAnythingThere(file)) {
            return *fault;
        }
        TRY(system::writeDurably(file, qt::viewOf(text), system::FileMode::OwnerOnly));
        inTheWay = false; // what lies there now is this program's own
        return {};
    }

    Result<void> write()
    {
        TRY_ASSIGN(const auto now, withoutExceptions<QByteArray>(kThread, [this] { return text(); }));
        auto written = withoutExceptions<void>(kThread, [&] { return replace(now); });
        return recoded(std::move(written), StationCode::JournalCannotSave);
    }
};

Result<std::shared_ptr<SlotMemoryFile>> SlotMemoryFile::open(const fs::path& dataDirectory,
                                                             const std::map<SlotNumber, std::string>& devices,
                                                             const enrollment::ProductProfile& profile)
{
    TRY_ASSIGN(auto lock, lockOf(dataDirectory));
    auto impl = std::make_unique<Impl>(slotMemoryFile(dataDirectory), std::move(lock));
    auto kept = readKeptTests(dataDirectory, profile);
    if (kept.ok()) {
        impl->kept = std::move(kept).value();
    } else {
        impl->startAnew(std::move(kept).error(), devices);
    }
    impl->tests = impl->kept;
    return std::shared_ptr<SlotMemoryFile>{new SlotMemoryFile{std::move(impl)}};
}

SlotMemoryFile::SlotMemoryFile(std::unique_ptr<Impl> impl) : m_impl(std::move(impl))
{
    m_impl->writer.emplace(kThread, [kept = m_impl.get()] { return kept->write(); });
    if (m_impl->fault) { // what is kept instead is written like every change
        m_impl->writer->changed();
    }
}

SlotMemoryFile::~SlotMemoryFile() = default;

const std::optional<Error>& SlotMemoryFile::fault() const noexcept
{
    return m_impl->fault;
}

const KeptTests& SlotMemoryFile::kept() const noexcept
{
    return m_impl->kept;
}

Result<void> SlotMemoryFile::begin(SlotNumber slot, const KeptTest& test)
{
    const auto set = [&] {
        const std::lock_guard held(m_impl->mutex);
        return m_impl->set(slot, test);
    };
    return m_impl->writer->waitFor(set());
}

void SlotMemoryFile::change(SlotNumber slot, const std::optional<KeptTest>& test)
{
    const std::lock_guard held(m_impl->mutex);
    const auto known = m_impl->tests.find(slot);
    const bool same =
        test ? known != m_impl->tests.end() && isSame(known->second, *test) : known == m_impl->tests.end();
    if (!same) {
        m_impl->set(slot, test);
    }
}

} // namespace enroll::db::slot_memory

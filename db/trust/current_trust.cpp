#include "db/trust/current_trust.h"

#include "core/base/station_code.h"

#include <algorithm>
#include <sys/stat.h>

namespace enroll::db::trust {
namespace {

namespace fs = std::filesystem;

constexpr int kMostReadings = 5;
/// Two changes within one tick of the file system's clock look like one.
constexpr std::chrono::seconds kTooFresh{2};

UtcTime timeOf(const timespec& time)
{
    return UtcTime{std::chrono::floor<UtcTime::duration>(std::chrono::seconds{time.tv_sec} +
                                                         std::chrono::nanoseconds{time.tv_nsec})};
}

} // namespace

struct CurrentTrust::FileStamp {
    ino_t inode = 0;
    off_t size = 0;
    std::int64_t seconds = 0; ///< of the last change of content, name or rights
    long nanoseconds = 0;
    bool operator==(const FileStamp&) const = default;
};

struct CurrentTrust::Stamps {
    std::map<fs::path, FileStamp> files;
    UtcTime newest = UtcTime::min();

    void add(const fs::path& path)
    {
        struct stat status {};
        if (::stat(path.c_str(), &status) == 0) { // else it is not there, or the reading says what is wrong with it
            files[path] = {status.st_ino, status.st_size, status.st_ctim.tv_sec, status.st_ctim.tv_nsec};
            newest = std::max(newest, timeOf(status.st_ctim));
        } else {
            files[path] = {};
        }
    }
    void addAllIn(const fs::path& folder)
    {
        add(folder);
        std::error_code gone;
        for (fs::directory_iterator entry{folder, gone}; !gone && entry != fs::directory_iterator{};
             entry.increment(gone)) {
            add(entry->path());
        }
    }
};

CurrentTrust::CurrentTrust(fs::path directory, std::vector<std::string> sets, Clock clock)
    : m_directory(std::move(directory)), m_sets(std::move(sets)), m_clock(std::move(clock))
{}

CurrentTrust::Stamps CurrentTrust::stampsNow() const
{
    Stamps stamps;
    stamps.addAllIn(m_directory);
    const auto names = trustSetsIn(m_directory);
    for (const auto& set : names.ok() ? *names : std::vector<std::string>{}) {
        stamps.addAllIn(m_directory / set);
    }
    return stamps;
}

Result<std::shared_ptr<const TrustSnapshot>> CurrentTrust::read() const
{
    TRY_ASSIGN(const auto known, readKnownTrust(m_directory, m_sets));
    return std::make_shared<const TrustSnapshot>(
        TrustSnapshot{storeOf(known, m_sets), newestImport(known.authoritiesIn(m_sets))});
}

Result<std::shared_ptr<const TrustSnapshot>> CurrentTrust::now()
{
    const std::lock_guard lock{m_mutex};
    auto before = stampsNow();
    if (m_stamps && m_stamps->files == before.files) {
        return m_snapshot;
    }
    m_stamps.reset();
    for (int reading = 0; reading < kMostReadings; ++reading) {
        auto snapshot = read();
        auto after = stampsNow();
        if (before.files != after.files) {
            before = std::move(after);
            continue;
        }
        if (snapshot.ok() && after.newest < m_clock() - kTooFresh) {
            m_stamps = std::make_shared<const Stamps>(std::move(after));
            m_snapshot = *snapshot;
        }
        return snapshot;
    }
    return makeError(StationCode::FileUnusable,
                     m_directory.string() + " is being changed: start the test again when the import is over");
}

} // namespace enroll::db::trust

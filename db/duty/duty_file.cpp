#include "db/duty/duty_file.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/without_exceptions.h"
#include "core/system/durable_file.h"
#include "core/system/regular_file.h"
#include "core/system/whole_file.h"
#include "db/duty/duty_document.h"
#include "db/qt/values.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace enroll::db::duty {
namespace {

namespace fs = std::filesystem;
using station::Duty;

constexpr auto kThread = "duty thread";
constexpr std::chrono::seconds kBeforeNextTry{3};
// Some hundred bytes, and a hundred for each person with wrong PINs; more is no file of this program's.
constexpr std::size_t kLongest = std::size_t{1024} * 1024;

bool isLink(const fs::path& file)
{
    std::error_code unknown;
    return fs::is_symlink(fs::symlink_status(file, unknown));
}

/// A link is replaced itself: what it leads to is somebody else's.
Result<void> replace(const fs::path& file, const Duty& duty)
{
    std::error_code ignored;
    if (isLink(file)) {
        fs::remove(file, ignored);
    }
    return system::writeDurably(file, qt::viewOf(dutyText(duty)), system::FileMode::OwnerOnly);
}

} // namespace

fs::path dutyFile(const fs::path& dataDirectory)
{
    return dataDirectory / "duty.json";
}

Result<Duty> readDuty(const fs::path& dataDirectory)
{
    const auto file = dutyFile(dataDirectory);
    if (isLink(file)) {
        return makeError(StationCode::FileUnusable,
                         file.string() + " is a symbolic link, which the station never follows", "read the work order");
    }
    TRY_ASSIGN(const bool there, system::fileIsThere(file));
    if (!there) {
        return Duty{};
    }
    TRY_ASSIGN(const auto text, system::readWholeFile(file, kLongest));
    return prefixed(file.string() + ": ", dutyFromText(text));
}

struct DutyFile::Impl {
    fs::path file;
    Duty kept = {};
    std::optional<Error> fault = {};

    std::mutex mutex = {};
    std::condition_variable_any changed = {};
    std::optional<Duty> next = {}; ///< under mutex: to be written
    std::jthread writer = {};      // last: joined before what it uses is gone

    /// False: it is to be tried again. Of failures one after the other, the first is logged.
    bool write(const Duty& duty, bool isFirstTry) const
    {
        const auto written = withoutExceptions<void>(kThread, [&] { return replace(file, duty); });
        if (!written.ok() && isFirstTry) {
            logFault(written.error());
        }
        return written.ok();
    }

    /// Goes on until a stop is asked and nothing is left to be written, or what is left failed once more.
    void serve(const std::stop_token& stop)
    {
        std::unique_lock held(mutex);
        const auto isAny = [this] { return next.has_value(); };
        bool failed = false;
        while (changed.wait(held, stop, isAny)) {
            auto duty = *std::exchange(next, std::nullopt);
            held.unlock();
            failed = !write(duty, !failed);
            held.lock();
            if (!failed || next) {
                continue;
            }
            if (stop.stop_requested()) {
                return;
            }
            changed.wait_for(held, stop, kBeforeNextTry, isAny); // a newer one is tried at once
            if (!next) {
                next = std::move(duty);
            }
        }
    }
};

DutyFile::DutyFile(const fs::path& dataDirectory) : m_impl(new Impl{.file = dutyFile(dataDirectory)})
{
    if (auto kept = readDuty(dataDirectory); kept.ok()) {
        m_impl->kept = std::move(kept).value();
    } else {
        m_impl->fault = std::move(kept).error();
    }
    m_impl->writer = std::jthread{
        [impl = m_impl.get()](const std::stop_token& stop) { runThread(kThread, [&] { impl->serve(stop); }); }};
}

DutyFile::~DutyFile() = default;

const std::optional<Error>& DutyFile::fault() const noexcept
{
    return m_impl->fault;
}

const Duty& DutyFile::kept() const noexcept
{
    return m_impl->kept;
}

void DutyFile::change(const Duty& duty)
{
    const std::lock_guard held(m_impl->mutex);
    m_impl->next = duty;
    m_impl->changed.notify_one();
}

} // namespace enroll::db::duty

#include "db/duty/duty_file.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/without_exceptions.h"
#include "core/system/durable_file.h"
#include "core/system/latest_writer.h"
#include "core/system/regular_file.h"
#include "core/system/whole_file.h"
#include "db/duty/duty_document.h"
#include "db/qt/values.h"

#include <mutex>
#include <utility>

namespace enroll::db::duty {
namespace {

namespace fs = std::filesystem;
using station::Duty;

constexpr auto kThread = "duty thread";
constexpr std::chrono::seconds kBeforeNextTry{3};
// Some hundred bytes, and a hundred for each person with wrong PINs; more is no file of this program's.
constexpr std::size_t kLongest = std::size_t{1024} * 1024;

/// A link is replaced itself: what it leads to is somebody else's.
Result<void> replace(const fs::path& file, const FiledDuty& filed)
{
    std::error_code ignored;
    if (system::isLink(file)) {
        fs::remove(file, ignored);
    }
    return system::writeDurably(file, qt::viewOf(dutyText(filed)), system::FileMode::OwnerOnly);
}

Result<FiledDuty> readFile(const fs::path& file)
{
    if (system::isLink(file)) {
        return makeError(StationCode::FileUnusable,
                         file.string() + " is a symbolic link, which the station never follows", "read the work order");
    }
    TRY_ASSIGN(const bool there, system::fileIsThere(file));
    if (!there) {
        return FiledDuty{};
    }
    TRY_ASSIGN(const auto text, system::readWholeFile(file, kLongest));
    return prefixed(file.string() + ": ", dutyFromText(text));
}

} // namespace

fs::path dutyFile(const fs::path& dataDirectory)
{
    return dataDirectory / "duty.json";
}

Result<Duty> readDuty(const fs::path& dataDirectory)
{
    TRY_ASSIGN(auto filed, readFile(dutyFile(dataDirectory)));
    return std::move(filed.duty);
}

struct DutyFile::Impl {
    fs::path file;
    FiledDuty kept = {};
    std::optional<Error> fault = {};
    bool failed = false; ///< the latest write; of the writer's thread

    std::mutex mutex = {};
    FiledDuty latest = {};                           ///< under mutex
    std::optional<system::LatestWriter> writer = {}; // last: ends before what it uses is gone

    [[nodiscard]] FiledDuty now()
    {
        const std::lock_guard held(mutex);
        return latest;
    }

    /// Of failures one after the other, the first is logged.
    Result<void> write()
    {
        auto written = withoutExceptions<void>(kThread, [this] { return replace(file, now()); });
        const bool wasWritten = !std::exchange(failed, !written.ok());
        if (failed && wasWritten) {
            logFault(written.error());
        }
        return written;
    }
};

DutyFile::DutyFile(const fs::path& dataDirectory) : m_impl(new Impl{.file = dutyFile(dataDirectory)})
{
    if (auto kept = readFile(m_impl->file); kept.ok()) {
        m_impl->kept = std::move(kept).value();
    } else {
        m_impl->fault = std::move(kept).error();
        m_impl->kept.duty.locked = true; // nobody knows that it was not
    }
    m_impl->latest = m_impl->kept;
    m_impl->writer.emplace(
        kThread, [impl = m_impl.get()] { return impl->write(); }, kBeforeNextTry);
}

DutyFile::~DutyFile() = default;

const std::optional<Error>& DutyFile::fault() const noexcept
{
    return m_impl->fault;
}

const Duty& DutyFile::kept() const noexcept
{
    return m_impl->kept.duty;
}

void DutyFile::change(const Duty& duty)
{
    const std::lock_guard held(m_impl->mutex);
    m_impl->latest.duty = duty;
    m_impl->writer->changed();
}

std::int64_t DutyFile::lostActs() const noexcept
{
    return m_impl->kept.unsavedActs;
}

void DutyFile::noteUnsavedActs(std::int64_t count)
{
    const std::lock_guard held(m_impl->mutex);
    m_impl->latest.unsavedActs = count;
    m_impl->writer->changed();
}

} // namespace enroll::db::duty

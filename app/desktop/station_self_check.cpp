#include "app/desktop/station_self_check.h"

#include "core/base/station_code.h"
#include "core/base/without_exceptions.h"
#include "db/self_check/self_check_file.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace enroll::app::desktop {
namespace {

using enrollment::SelfCheckStamp;
constexpr auto kThread = "self-check";
// Also where the clock is set meanwhile: it is looked at again at least so often.
constexpr std::chrono::minutes kLongestWait{60};

} // namespace

struct StationSelfCheck::Impl {
    std::filesystem::path dataDirectory;
    enrollment::ProductProfile profile;
    enrollment::SoftwareStamp software;
    Check check;
    std::optional<SelfCheckStamp> latest = {};
    std::optional<Error> trouble = {};     ///< the latest check could not be made, or what was kept not be read
    std::optional<UtcTime> owedSince = {}; ///< a shift began then, and its check is not made yet
    std::chrono::milliseconds tryAgain = kTryAgain;
    bool runs = false;
    bool isRetry = false; ///< the one that runs was begun by itself, after one that could not be made
    bool ended = false;   ///< no check begins any more
    QTimer due{};
    ui::PendingAnswer kept = {};
    std::jthread thread = {}; // last: joined before what it uses is gone
};

StationSelfCheck::StationSelfCheck(const std::filesystem::path& dataDirectory, enrollment::ProductProfile profile,
                                   enrollment::SoftwareStamp software, Check check, std::chrono::milliseconds tryAgain,
                                   QObject* parent)
    : QObject(parent), m_impl(new Impl{.dataDirectory = dataDirectory,
                                       .profile = std::move(profile),
                                       .software = std::move(software),
                                       .check = std::move(check),
                                       .tryAgain = tryAgain})
{
    if (auto kept = db::self_check::readSelfCheck(dataDirectory); kept.ok()) {
        m_impl->latest = std::move(kept).value();
    } else {
        logFault(kept.error()); // the check that is overdue then replaces it
    }
    m_impl->due.setSingleShot(true);
    m_impl->due.setTimerType(Qt::VeryCoarseTimer);
    connect(&m_impl->due, &QTimer::timeout, this, &StationSelfCheck::beginIfOverdue);
    if (m_impl->profile.selfCheckMaxAge) {
        m_impl->due.start(std::chrono::milliseconds{0});
    }
}

StationSelfCheck::~StationSelfCheck()
{
    requestStop();
}

std::optional<Error> StationSelfCheck::fault() const
{
    const auto allowed = enrollment::requireSelfCheck(m_impl->profile, m_impl->latest, m_impl->software, utcNow());
    if (allowed.ok()) {
        return std::nullopt;
    }
    const bool isOverdue = allowed.error().code == StationCode::SelfCheckOverdue;
    return m_impl->trouble && isOverdue ? enrollment::notMade(allowed.error(), *m_impl->trouble) : allowed.error();
}

bool StationSelfCheck::isRunning() const noexcept
{
    return m_impl->runs;
}

bool StationSelfCheck::isOverdue() const
{
    const auto now = fault();
    return now && now->code == StationCode::SelfCheckOverdue;
}

bool StationSelfCheck::isWanted() const
{
    return isOverdue() || m_impl->owedSince.has_value();
}

void StationSelfCheck::lookAgain(ui::BackgroundReader& reader)
{
    using Kept = std::optional<SelfCheckStamp>;
    if (!m_impl->profile.selfCheckMaxAge) {
        return;
    }
    m_impl->kept = reader.ask<Kept>(
        [data = m_impl->dataDirectory](db::review::JournalReader&, const std::stop_token&) -> Result<Kept> {
            const auto kept = db::self_check::readSelfCheck(data);
            return kept.ok() ? *kept : Kept{}; // what cannot be read changes nothing: the next check replaces it
        },
        [this](const Result<Kept>& kept) {
            if (kept.ok()) {
                takeKept(*kept);
            }
        });
}

void StationSelfCheck::takeKept(const std::optional<SelfCheckStamp>& kept)
{
    // One of a time to come says nothing, as requireSelfCheck() sees it.
    const bool isLater = kept && (!m_impl->latest || kept->at > m_impl->latest->at) && kept->at <= utcNow();
    if (isLater && kept->passed && hasFailed()) { // anybody can write a file
        return m_impl->trouble ? void() : begin();
    }
    if (isLater) {
        takeLatest(*kept);
    }
    if (isLater || (isOverdue() && !m_impl->trouble)) { // else it is tried again when its time comes
        beginIfOverdue();
    }
}

bool StationSelfCheck::hasFailed() const
{
    const auto now = fault();
    return now && now->code == StationCode::SelfCheckFailed;
}

void StationSelfCheck::takeLatest(const SelfCheckStamp& stamp)
{
    m_impl->latest = stamp;
    m_impl->trouble.reset();
    if (m_impl->owedSince && stamp.at >= *m_impl->owedSince) {
        m_impl->owedSince.reset();
    }
}

void StationSelfCheck::begin()
{
    if (m_impl->ended || (m_impl->runs && !m_impl->isRetry)) {
        return;
    }
    m_impl->isRetry = false; // a person waits for it from now on
    Q_EMIT began();
    startThread();
}

void StationSelfCheck::beginFor(UtcTime shiftStart)
{
    const bool isMade = m_impl->latest && m_impl->latest->at >= shiftStart;
    if (m_impl->profile.selfCheckMaxAge && !isMade) {
        m_impl->owedSince = shiftStart;
        begin();
    }
}

void StationSelfCheck::startThread()
{
    if (std::exchange(m_impl->runs, true)) {
        return;
    }
    m_impl->thread = std::jthread{[this](const std::stop_token& stop) {
        runThread(kThread, [&] {
            const auto made = withoutExceptions<SelfCheckStamp>(kThread, [&] { return m_impl->check(stop); });
            QMetaObject::invokeMethod(
                this, [this, made] { take(made); }, Qt::QueuedConnection);
        });
    }};
}

void StationSelfCheck::requestStop() noexcept
{
    m_impl->ended = true;
    m_impl->due.stop();
    m_impl->thread.request_stop();
}

void StationSelfCheck::take(const Result<SelfCheckStamp>& made)
{
    m_impl->runs = false;
    const bool isKnown = std::exchange(m_impl->isRetry, false) && !made.ok() && m_impl->trouble &&
                         m_impl->trouble->what == made.error().what;
    if (made.ok()) {
        takeLatest(*made);
    } else {
        m_impl->trouble = made.error();
    }
    lookWhenDue();
    if (isKnown) {
        return;
    }
    Q_EMIT changed();
    if (!made.ok()) {
        logFault(made.error());
        Q_EMIT ended(made.error());
    } else if (!made->passed) {
        Q_EMIT ended(makeError(StationCode::SelfCheckFailed, "a device of the check was judged wrongly", kThread));
    } else {
        Q_EMIT ended(Result<void>{});
    }
}

/// Sleeps until the latest check is overdue; until the next try where it, or that of a shift, could not be made.
void StationSelfCheck::lookWhenDue()
{
    const auto& maxAge = m_impl->profile.selfCheckMaxAge;
    if (!maxAge || m_impl->ended) {
        return;
    }
    auto wait = m_impl->tryAgain;
    if (const auto& latest = m_impl->latest; latest && !isWanted()) {
        // Never less than a second: the timer has no finer one, and would be asked for again and again.
        const auto left = latest->at + *maxAge - utcNow();
        wait = std::clamp<std::chrono::milliseconds>(left, std::chrono::seconds{1}, kLongestWait);
    }
    m_impl->due.start(wait);
}

void StationSelfCheck::beginIfOverdue()
{
    Q_EMIT changed();
    if (m_impl->ended || m_impl->runs) {
        return;
    }
    if (!isWanted()) {
        return lookWhenDue();
    }
    if (m_impl->trouble) {
        m_impl->isRetry = true;
        return startThread();
    }
    begin();
}

} // namespace enroll::app::desktop

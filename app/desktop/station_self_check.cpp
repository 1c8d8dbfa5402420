#include "app/desktop/station_self_check.h"

#include "core/base/station_code.h"
#include "core/base/without_exceptions.h"
#include "db/self_check/self_check_file.h"

#include <algorithm>
#include <thread>

namespace enroll::app::desktop {
namespace {

using enrollment::SelfCheckStamp;
constexpr auto kThread = "self-check";
// Also where the clock is set meanwhile: it is looked at again at least so often.
constexpr std::chrono::minutes kLongestWait{60};

} // namespace

struct StationSelfCheck::Impl {
    enrollment::ProductProfile profile;
    enrollment::SoftwareStamp software;
    Check check;
    std::optional<SelfCheckStamp> latest = {};
    std::optional<Error> trouble = {}; ///< the latest check could not be made, or what was kept not be read
    bool runs = false;
    bool ended = false; ///< no check begins any more
    QTimer due{};
    std::jthread thread = {}; // last: joined before what it uses is gone
};

StationSelfCheck::StationSelfCheck(const std::filesystem::path& dataDirectory, enrollment::ProductProfile profile,
                                   enrollment::SoftwareStamp software, Check check, QObject* parent)
    : QObject(parent),
      m_impl(new Impl{.profile = std::move(profile), .software = std::move(software), .check = std::move(check)})
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

void StationSelfCheck::begin()
{
    if (m_impl->runs || m_impl->ended) {
        return;
    }
    m_impl->runs = true;
    Q_EMIT began();
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
    if (made.ok()) {
        m_impl->latest = *made;
        m_impl->trouble.reset();
    } else {
        m_impl->trouble = made.error();
        logFault(made.error());
    }
    if (m_impl->profile.selfCheckMaxAge && !m_impl->ended) {
        m_impl->due.start(std::min<std::chrono::milliseconds>(*m_impl->profile.selfCheckMaxAge, kLongestWait));
    }
    Q_EMIT changed();
    if (!made.ok()) {
        Q_EMIT ended(made.error());
    } else if (!made->passed) {
        Q_EMIT ended(makeError(StationCode::SelfCheckFailed, "a device of the check was judged wrongly", kThread));
    } else {
        Q_EMIT ended(Result<void>{});
    }
}

void StationSelfCheck::beginIfOverdue()
{
    Q_EMIT changed();
    const auto now = fault();
    if (now && now->code == StationCode::SelfCheckOverdue) {
        begin();
    } else if (!m_impl->ended) {
        m_impl->due.start(kLongestWait);
    }
}

} // namespace enroll::app::desktop

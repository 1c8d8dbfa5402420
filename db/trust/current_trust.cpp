#include "db/trust/current_trust.h"

#include "core/base/cancellation.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/without_exceptions.h"

namespace enroll::db::trust {
namespace {

namespace fs = std::filesystem;

/// Two changes within one tick of the file system's clock look like one.
constexpr std::chrono::seconds kTooFresh{2};

/// \p error as what it is for a test, with the file that it is about as it stands in the trust store.
Error unreadable(Error error, const fs::path& directory)
{
    error = recoded(aboutFile(std::move(error), directory), StationCode::TrustUnreadable);
    const auto inside = fs::path{error.subject}.lexically_relative(directory);
    if (!inside.empty() && *inside.begin() != ".." && inside != ".") {
        error.subject = inside.string();
    }
    return error;
}

/// True for what was read, and false for what only whoever asked for it has to know: a stop, or the end of its patience.
bool isAnybodys(const CurrentTrust::Answer& answer)
{
    return answer.ok() ||
           (answer.error().code != DeviceCode::Cancelled && answer.error().code != StationCode::TrustBusy);
}

/// A file that cannot be opened may be one again though nothing of it changes.
bool isOfContent(const Result<KnownTrust>& known)
{
    return known.ok() || known.error().code != StationCode::FileUnusable;
}

} // namespace

CurrentTrust::CurrentTrust(fs::path directory, std::vector<std::string> sets, Clock clock)
    : m_directory(std::move(directory)), m_sets(std::move(sets)), m_clock(std::move(clock))
{}

CurrentTrust::Answer CurrentTrust::read(Deadline deadline, const std::stop_token& stop)
{
    TRY_ASSIGN(auto read, readSteadily(m_directory, m_sets, m_known ? &m_known->stamps : nullptr, deadline, stop));
    if (!read) {
        return m_known->answer;
    }
    m_known.reset();
    const auto& known = read->known;
    auto answer = known.ok() ? Answer{std::make_shared<const TrustSnapshot>(
                                   TrustSnapshot{storeOf(*known, m_sets), newestImport(known->authoritiesIn(m_sets))})}
                             : Answer{unreadable(known.error(), m_directory)};
    if (isOfContent(known) && read->stamps.newest < m_clock() - kTooFresh) {
        m_known.emplace(Known{std::move(read->stamps), answer});
    }
    return answer;
}

CurrentTrust::Answer CurrentTrust::readForAll(std::unique_lock<std::mutex>& lock, Deadline deadline,
                                              const std::stop_token& stop)
{
    m_isReading = true;
    const auto number = ++m_begun;
    lock.unlock();
    auto answer =
        withoutExceptions<std::shared_ptr<const TrustSnapshot>>("trust", [&] { return read(deadline, stop); });
    lock.lock();
    m_isReading = false;
    if (isAnybodys(answer)) {
        m_told = number;
        m_latest = answer;
    }
    m_read.notify_all();
    return answer;
}

CurrentTrust::Answer CurrentTrust::now(const std::stop_token& stop, std::chrono::milliseconds patience)
{
    const auto deadline = Deadline::in(patience);
    std::unique_lock lock{m_mutex};
    const auto wanted = m_begun + 1; // what begins from here on knows whatever was changed before
    while (m_told < wanted) {
        TRY(requireNotCancelled(stop));
        if (!m_isReading) {
            return readForAll(lock, deadline, stop);
        }
        if (deadline.passed()) {
            return trustIsBusy(m_directory);
        }
        m_read.wait_for(lock, stop, deadline.left(), [&] { return !m_isReading || m_told >= wanted; });
    }
    return *m_latest;
}

} // namespace enroll::db::trust

#include "db/journal/act_writer.h"

#include "core/base/station_code.h"
#include "core/base/without_exceptions.h"
#include "db/journal/acts.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <numeric>
#include <thread>
#include <utility>

namespace enroll::db::journal {
namespace {

using station::Act;
using station::ActKind;

constexpr auto kThread = "act writer";
constexpr std::size_t kAtOnce = 64; ///< of one transaction: others wait for the write lock
constexpr int kBusyTries = 3;

void logLost(const Act& act, const std::string& why)
{
    logFault(makeError(StationCode::JournalCannotSave,
                       "the journal does not hold that at " + toIso8601(act.at) +
                           " somebody did this: " + std::string{station::actKindText(act.what)} +
                           (act.operatorId ? " (" + act.operatorId->text() + ")" : std::string{}) + ": " + why,
                       "write who did what"));
}

} // namespace

struct ActWriter::Impl {
    JournalOptions options;
    OnFault onFault;
    std::size_t most;
    UnsavedActs unsaved; ///< of the writer's thread while there is one; before: what was told last
    std::stop_source tooLate = {};

    std::mutex mutex = {};
    std::condition_variable_any changed = {};
    std::condition_variable ended = {};
    std::deque<Act> queue = {};      ///< under mutex, as what follows
    std::size_t inWork = 0;          ///< so many of the first are being written
    std::optional<Error> fault = {}; ///< of the latest try
    int busyTries = 0;               ///< in a row
    bool again = false;              ///< there is a reason to try once more
    bool isEnded = false;
    std::jthread writer = {}; // last: joined before what it uses is gone

    /// What is lost if the program ends now.
    [[nodiscard]] std::int64_t waiting() const
    {
        const auto count = [](std::int64_t sum, const Act& act) {
            return sum + (act.what == Word<ActKind>{ActKind::ActsLost} ? act.count.value_or(0) : 1);
        };
        return std::accumulate(queue.begin(), queue.end(), std::int64_t{0}, count);
    }

    void tellUnsaved(std::int64_t count)
    {
        if (std::exchange(unsaved.before, count) != count && unsaved.onChange) {
            unsaved.onChange(count);
        }
    }

    [[nodiscard]] bool isDue() const { return !queue.empty() && (!fault || again); }

    void take(const Act& act)
    {
        if (queue.size() < most) {
            queue.push_back(act);
            return;
        }
        logLost(act, "too many wait to be written");
        if (queue.size() >
            std::max(most, inWork)) { // their count stands at the end of the queue, and is not being written
            auto& count = queue.back().count;
            count = count.value_or(0) + 1;
            return;
        }
        Act lost{.what = ActKind::ActsLost, .at = act.at, .stationId = act.stationId};
        lost.count = 1;
        queue.push_back(std::move(lost));
    }

    /// True if a try that failed is to be repeated at once: another program was writing.
    bool isToBeRepeated(const Result<void>& written)
    {
        const bool busy = !written.ok() && written.error().code == StationCode::JournalBusy;
        busyTries = busy ? busyTries + 1 : 0;
        return busy && busyTries < kBusyTries && !tooLate.stop_requested();
    }

    /// Goes on until a stop is asked and nothing is left, or what is left cannot be written.
    void serve(const std::stop_token& stop)
    {
        std::unique_lock held(mutex);
        while (changed.wait(held, stop, [this] { return isDue(); })) {
            again = false;
            inWork = std::min(queue.size(), kAtOnce);
            const std::vector<Act> batch(queue.begin(), queue.begin() + static_cast<std::ptrdiff_t>(inWork));
            held.unlock();
            const auto written = withoutExceptions<void>(kThread, [&] { return appendActs(options, batch); });
            held.lock();
            if (written.ok()) {
                queue.erase(queue.begin(), queue.begin() + static_cast<std::ptrdiff_t>(inWork));
            }
            inWork = 0;
            if (isToBeRepeated(written)) {
                again = true;
            } else {
                note(written, held);
            }
        }
        isEnded = true;
        ended.notify_all();
    }

    void note(const Result<void>& written, std::unique_lock<std::mutex>& held)
    {
        auto now = written.ok() ? std::nullopt : std::optional{written.error()};
        const bool isNew = fault.has_value() != now.has_value() || (now && now->code != fault->code);
        fault = now;
        const auto count = now ? waiting() : 0; // else what waits is being written
        held.unlock();
        tellUnsaved(count);
        if (isNew && onFault) {
            onFault(now);
        }
        held.lock();
    }

    void end()
    {
        {
            std::unique_lock held(mutex);
            again = true; // a last try
            writer.request_stop();
            ended.wait_for(held, kEndWithin, [this] { return isEnded; });
        }
        tooLate.request_stop();
        writer.join();
        tellUnsaved(waiting());
        for (const auto& act : queue) {
            logLost(act, fault ? describeForLog(*fault) : "the program ended before");
        }
    }
};

ActWriter::ActWriter(JournalOptions options, OnFault onFault, std::size_t most, UnsavedActs unsaved)
    : m_impl(new Impl{
          .options = std::move(options), .onFault = std::move(onFault), .most = most, .unsaved = std::move(unsaved)})
{
    m_impl->options.stop = m_impl->tooLate.get_token();
    m_impl->writer = std::jthread{
        [impl = m_impl.get()](const std::stop_token& stop) { runThread(kThread, [&] { impl->serve(stop); }); }};
}

ActWriter::~ActWriter()
{
    m_impl->end();
}

void ActWriter::write(const Act& act)
{
    const std::lock_guard held(m_impl->mutex);
    m_impl->take(act);
    m_impl->again = true;
    m_impl->changed.notify_one();
}

void ActWriter::retry()
{
    const std::lock_guard held(m_impl->mutex);
    if (m_impl->fault) { // an idle station is not woken up
        m_impl->again = true;
        m_impl->changed.notify_one();
    }
}

} // namespace enroll::db::journal

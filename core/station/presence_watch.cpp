#include "core/station/presence_watch.h"

#include "core/base/without_exceptions.h"
#include "core/station/look_pace.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <iterator>
#include <mutex>
#include <set>
#include <thread>

namespace enroll::station {
namespace {

using Clock = std::chrono::steady_clock;
using enrollment::SlotNumber;

constexpr std::chrono::seconds kBetweenLooks{1};
constexpr int kLooksWhenPlugged = 2;
constexpr auto kThread = "presence watch";

} // namespace

struct PresenceWatch::Impl {
    std::vector<SlotNumber> slots;
    PresenceProbe probe;
    LookSink& sink;

    std::mutex mutex{};
    std::condition_variable_any changed{};
    int hand = 0;
    int atOnce = 0;      ///< looks that are not to wait
    int plugs = 0;       ///< how often something was plugged in or out
    int plugsBefore = 0; ///< likewise: before the look under way
    LookPace pace{};
    std::set<SlotNumber> reserved{};
    std::map<SlotNumber, std::stop_source> asked{}; ///< slots that are looked at now
    Sightings found{};                              ///< by the look under way
    Sightings latest{};                             ///< what each slot answered last
    int handBefore = 0;                             ///< likewise: of the latest scan before it
    std::jthread thread{};                          // last: joined before anything it uses is destroyed

    void ask(SlotNumber slot, const std::stop_token& stop)
    {
        const auto asking = withoutExceptions<std::optional<Sighting>>(kThread, [&] { return probe(slot, stop); });
        const auto answer = asking.ok() ? *asking : std::nullopt;
        const std::scoped_lock lock(mutex);
        asked.erase(slot); // first: whatever follows, a run that waits for it goes on
        changed.notify_all();
        pace.answered(slot, answer ? std::optional{answer->present} : std::nullopt, Clock::now());
        if (plugs != plugsBefore) { // it may have answered before
            pace.plugged();
        }
        if (!answer) {
            return;
        }
        latest.insert_or_assign(slot, *answer);
        if (!reserved.contains(slot)) {
            found.insert_or_assign(slot, *answer);
        }
    }

    /// Where the system has no thread left, nothing is known of the slot.
    void beginQuestion(SlotNumber slot, std::vector<std::jthread>& questions)
    {
        const std::stop_source source;
        asked.insert_or_assign(slot, source);
        const auto begun = withoutExceptions<void>(kThread, [&] {
            questions.emplace_back(
                [this, slot, token = source.get_token()] { runThread(kThread, [&] { ask(slot, token); }); });
        });
        if (!begun.ok()) {
            asked.erase(slot);
        }
    }

    /// Returns when every question of the look has ended.
    void askAll(const std::stop_token& stop)
    {
        std::vector<std::jthread> questions; // joined after the lock was given back
        const std::scoped_lock lock(mutex);
        handBefore = hand;
        plugsBefore = plugs;
        atOnce = std::max(atOnce - 1, 0);
        found.clear();
        for (const auto slot : slots) {
            if (stop.stop_requested() || reserved.contains(slot)) {
                continue;
            }
            const auto what = pace.at(slot, Clock::now());
            if (what == LookAt::StillThere) {
                found.insert_or_assign(slot, latest.at(slot));
            } else if (what == LookAt::Ask) {
                beginQuestion(slot, questions);
            }
        }
    }

    void look(const std::stop_token& stop)
    {
        askAll(stop);
        std::unique_lock lock(mutex);
        const auto all = found;
        UnclearSlots unclear;
        std::ranges::copy_if(slots, std::inserter(unclear, unclear.end()),
                             [this](SlotNumber slot) { return !reserved.contains(slot) && pace.isUnclear(slot); });
        const auto before = handBefore;
        lock.unlock();
        sink.looked({all, unclear, before, std::chrono::steady_clock::now()});
    }

    void run(const std::stop_token& stop)
    {
        while (!stop.stop_requested()) {
            if (const auto looked = withoutExceptions<void>(kThread, [&] { look(stop); }); !looked.ok()) {
                logFault(looked.error()); // no memory now; the next look may have it
            }
            std::unique_lock lock(mutex);
            changed.wait_for(lock, stop, kBetweenLooks, [&] { return hand != handBefore || atOnce > 0; });
        }
    }

    void endQuestions()
    {
        const std::scoped_lock lock(mutex);
        for (auto& [slot, source] : asked) {
            source.request_stop();
        }
    }
};

PresenceWatch::PresenceWatch(std::vector<SlotNumber> slots, PresenceProbe probe, LookSink& sink)
    : m_impl(new Impl{std::move(slots), std::move(probe), sink})
{
    m_impl->thread = std::jthread{[impl = m_impl.get()](const std::stop_token& stop) {
        const std::stop_callback end(stop, [impl] { impl->endQuestions(); });
        runThread(kThread, [&] { impl->run(stop); });
    }};
}

PresenceWatch::~PresenceWatch() = default;

void PresenceWatch::requestStop() noexcept
{
    m_impl->thread.request_stop();
}

void PresenceWatch::expect(bool device)
{
    const std::scoped_lock lock(m_impl->mutex);
    m_impl->pace.expect(device);
}

void PresenceWatch::doubt(std::set<SlotNumber> slots)
{
    const std::scoped_lock lock(m_impl->mutex);
    m_impl->pace.doubt(std::move(slots));
}

void PresenceWatch::scanned(int hand)
{
    const std::scoped_lock lock(m_impl->mutex);
    m_impl->hand = hand;
    m_impl->pace.scanned();
    m_impl->changed.notify_all();
}

void PresenceWatch::plugged()
{
    const std::scoped_lock lock(m_impl->mutex);
    ++m_impl->plugs;
    m_impl->atOnce = kLooksWhenPlugged;
    m_impl->pace.plugged();
    m_impl->changed.notify_all();
}

void PresenceWatch::reserve(SlotNumber slot)
{
    const std::scoped_lock lock(m_impl->mutex);
    m_impl->reserved.insert(slot);
    m_impl->found.erase(slot); // what the look under way found is of before the run
    if (const auto asked = m_impl->asked.find(slot); asked != m_impl->asked.end()) {
        asked->second.request_stop();
    }
}

void PresenceWatch::awaitQuiet(SlotNumber slot)
{
    std::unique_lock lock(m_impl->mutex);
    m_impl->changed.wait(lock, [&] { return !m_impl->asked.contains(slot); });
}

void PresenceWatch::release(SlotNumber slot)
{
    const std::scoped_lock lock(m_impl->mutex);
    m_impl->reserved.erase(slot);
    m_impl->pace.forget(slot);
}

} // namespace enroll::station

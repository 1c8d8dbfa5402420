#include "core/station/presence_watch.h"

#include "core/base/without_exceptions.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

namespace enroll::station {
namespace {

using Clock = std::chrono::steady_clock;
using enrollment::SlotNumber;

constexpr std::chrono::seconds kBetweenLooks{1};
constexpr auto kThread = "presence watch";

} // namespace

struct PresenceWatch::Impl {
    std::vector<SlotNumber> slots;
    PresenceProbe probe;
    LookSink& sink;

    std::mutex mutex;
    std::condition_variable_any changed;
    int hand = 0;
    std::set<SlotNumber> reserved;
    std::map<SlotNumber, std::stop_source> asked;     ///< slots that are looked at now
    std::map<SlotNumber, Clock::time_point> answered; ///< when a device answered, unless the latest look missed it
    std::map<SlotNumber, bool> found;
    std::jthread thread{}; // last: joined before anything it uses is destroyed

    void ask(SlotNumber slot, const std::stop_token& stop)
    {
        const auto asking = withoutExceptions<std::optional<bool>>(kThread, [&] { return probe(slot, stop); });
        const auto answer = asking.ok() ? *asking : std::nullopt;
        const std::scoped_lock lock(mutex);
        if (answer && !reserved.contains(slot)) {
            found[slot] = *answer;
        }
        if (answer.value_or(false)) {
            answered[slot] = Clock::now();
        } else {
            answered.erase(slot);
        }
        asked.erase(slot);
        changed.notify_all();
    }

    /// Begins a look: the threads of its questions, and the number of the latest scan before it.
    std::pair<std::vector<std::jthread>, int> begin(const std::stop_token& stop)
    {
        const std::scoped_lock lock(mutex);
        std::vector<std::jthread> questions;
        found.clear();
        for (const auto slot : slots) {
            const auto last = answered.find(slot);
            if (stop.stop_requested() || reserved.contains(slot)) {
                continue;
            }
            if (last != answered.end() && Clock::now() - last->second < kBetweenLooks) {
                found[slot] = true;
                continue;
            }
            const std::stop_source source;
            questions.emplace_back([this, slot, token = source.get_token()] { ask(slot, token); });
            asked.insert_or_assign(slot, source);
        }
        return {std::move(questions), hand};
    }

    void look(const std::stop_token& stop)
    {
        auto [questions, before] = begin(stop);
        questions.clear(); // joins them
        std::unique_lock lock(mutex);
        const auto all = found;
        lock.unlock();
        sink.looked(all, before);
        lock.lock();
        changed.wait_for(lock, stop, kBetweenLooks, [&, number = before] { return hand != number; });
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
    : m_impl(new Impl{std::move(slots), std::move(probe), sink, {}, {}, 0, {}, {}, {}, {}, {}})
{
    m_impl->thread = std::jthread{[impl = m_impl.get()](const std::stop_token& stop) {
        const std::stop_callback end(stop, [impl] { impl->endQuestions(); });
        runThread(kThread, [&] {
            while (!stop.stop_requested()) {
                impl->look(stop);
            }
        });
    }};
}

PresenceWatch::~PresenceWatch() = default;

void PresenceWatch::scanned(int hand)
{
    const std::scoped_lock lock(m_impl->mutex);
    m_impl->hand = hand;
    m_impl->changed.notify_all();
}

void PresenceWatch::reserve(SlotNumber slot)
{
    const std::scoped_lock lock(m_impl->mutex);
    m_impl->reserved.insert(slot);
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
}

} // namespace enroll::station

#include "core/system/latest_writer.h"

#include "core/base/without_exceptions.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace enroll::system {

struct LatestWriter::Impl {
    const char* thread;
    Write write;
    std::optional<std::chrono::milliseconds> beforeNextTry;

    std::mutex mutex = {};
    std::condition_variable_any changed = {};
    std::condition_variable wasTried = {};
    std::uint64_t changes = 0; ///< under mutex, as what follows
    std::uint64_t tried = 0;   ///< how many of them the latest write took with it
    bool again = false;        ///< that write failed, and is due once more
    Result<void> latest = {};  ///< what became of it
    std::jthread writer = {};  // last: joined before what it uses is gone

    [[nodiscard]] bool isChanged() const { return changes != tried; }

    /// Goes on until a stop is asked and nothing is left to be written, or what is left failed once more.
    void serve(const std::stop_token& stop)
    {
        std::unique_lock held(mutex);
        while (changed.wait(held, stop, [this] { return isChanged() || again; })) {
            again = false;
            const auto count = changes;
            const bool isLastTry = stop.stop_requested();
            held.unlock();
            auto written = withoutExceptions<void>(thread, write);
            held.lock();
            latest = std::move(written);
            tried = count;
            wasTried.notify_all();
            if (latest.ok() || !beforeNextTry || isChanged()) {
                continue;
            }
            if (isLastTry) {
                return;
            }
            changed.wait_for(held, stop, *beforeNextTry,
                             [this] { return isChanged(); }); // a newer one is tried at once
            again = true;
        }
    }
};

LatestWriter::LatestWriter(const char* thread, Write write, std::optional<std::chrono::milliseconds> beforeNextTry)
    : m_impl(new Impl{.thread = thread, .write = std::move(write), .beforeNextTry = beforeNextTry})
{
    m_impl->writer = std::jthread{
        [impl = m_impl.get()](const std::stop_token& stop) { runThread(impl->thread, [&] { impl->serve(stop); }); }};
}

LatestWriter::~LatestWriter() = default;

std::uint64_t LatestWriter::changed()
{
    const std::lock_guard held(m_impl->mutex);
    m_impl->changed.notify_one();
    return ++m_impl->changes;
}

Result<void> LatestWriter::waitFor(std::uint64_t number)
{
    std::unique_lock held(m_impl->mutex);
    m_impl->wasTried.wait(held, [this, number] { return m_impl->tried >= number; });
    return m_impl->latest;
}

} // namespace enroll::system

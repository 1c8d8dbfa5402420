#include "app/service/list_pool.h"

#include "core/base/without_exceptions.h"

namespace enroll::app::service {
namespace {

constexpr auto kThread = "list thread";

} // namespace

Result<std::unique_ptr<ListPool>> ListPool::start(int threads, std::size_t mostWaiting, const OpenList& open)
{
    std::unique_ptr<ListPool> pool{new ListPool{mostWaiting}};
    for (int i = 0; i < threads; ++i) {
        std::promise<Result<void>> opened;
        auto outcome = opened.get_future();
        // Opened on its own thread, to which an EnrollmentList is bound.
        pool->m_threads.emplace_back([&self = *pool, open, opened = std::move(opened)]() mutable {
            runThread(kThread, [&] { self.openAndServe(open, opened); });
        });
        TRY(outcome.get()); // one thread that cannot open its list ends the start; the destructor joins the others
    }
    return pool;
}

ListPool::~ListPool()
{
    {
        const std::lock_guard lock{m_mutex};
        m_ending = true;
    }
    m_changed.notify_all();
}

ListPool::Posted ListPool::post(Job job)
{
    {
        const std::lock_guard lock{m_mutex};
        if (m_ending || m_jobs.size() >= m_mostWaiting) {
            return Posted::Full;
        }
        m_jobs.push_back(std::move(job));
    }
    m_changed.notify_one();
    return Posted::Accepted;
}

void ListPool::openAndServe(const OpenList& open, std::promise<Result<void>>& opened)
{
    const auto list = withoutExceptions<std::unique_ptr<provisioning::EnrollmentList>>(kThread, open);
    opened.set_value(list.ok() ? Result<void>{} : Result<void>{list.error()});
    if (list.ok()) {
        serve(**list);
    }
}

void ListPool::serve(provisioning::EnrollmentList& list)
{
    while (auto job = next()) {
        runThread(kThread, [&] { (*job)(list); }); // the next job may be well
    }
}

std::optional<ListPool::Job> ListPool::next()
{
    std::unique_lock lock{m_mutex};
    m_changed.wait(lock, [this] { return m_ending || !m_jobs.empty(); });
    if (m_jobs.empty()) {
        return std::nullopt;
    }
    auto job = std::move(m_jobs.front());
    m_jobs.pop_front();
    return job;
}

} // namespace enroll::app::service

#pragma once

#include "core/provisioning/enrollment_list.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>

namespace enroll::app::service {

/// Threads that may block on the enrollment list, so that the threads of the HTTP server never do. Each opens a list of
/// its own: an EnrollmentList stays on one thread.
class ListPool {
public:
    using OpenList = std::function<Result<std::unique_ptr<provisioning::EnrollmentList>>()>;
    using Job = std::function<void(provisioning::EnrollmentList&)>;

    /// A job that throws ends alone: the exception is logged, and whoever posted the job hears nothing more of it.
    /// \param mostWaiting  jobs that may wait; further ones are refused
    /// \par Errors   those of \p open, if any thread's list cannot be opened
    static Result<std::unique_ptr<ListPool>> start(int threads, std::size_t mostWaiting, const OpenList& open);
    ListPool(const ListPool&) = delete;
    ListPool& operator=(const ListPool&) = delete;
    /// Runs the jobs that wait, then ends the threads. Blocks.
    ~ListPool();

    enum class Posted { Accepted, Full };
    [[nodiscard]] Posted post(Job job);

private:
    explicit ListPool(std::size_t mostWaiting) : m_mostWaiting(mostWaiting) {}
    void openAndServe(const OpenList& open, std::promise<Result<void>>& opened);
    void serve(provisioning::EnrollmentList& list);
    std::optional<Job> next();

    const std::size_t m_mostWaiting;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Job> m_jobs;
    bool m_ending = false;
    std::vector<std::jthread> m_threads; // last: ends before what its threads use
};

} // namespace enroll::app::service

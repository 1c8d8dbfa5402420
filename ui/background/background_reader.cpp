#include "ui/background/background_reader.h"

#include "core/base/station_code.h"
#include "core/base/without_exceptions.h"

#include <QTimer>

namespace enroll::ui {

using db::review::JournalReader;

namespace {

constexpr auto kThread = "journal-reader";

} // namespace

BackgroundReader::BackgroundReader(Connect connect, std::chrono::milliseconds deadline, QObject* parent)
    : QObject(parent), m_connect(std::move(connect)), m_deadline(deadline),
      m_thread([this](const std::stop_token& stop) { runThread(kThread, [&] { serve(stop); }); })
{}

BackgroundReader::~BackgroundReader()
{
    requestStop();
}

/// Stops the thread's wait, and every question, also the one that is being read: it may take long and looks at its
/// token.
void BackgroundReader::requestStop() noexcept
{
    m_thread.request_stop();
    const std::lock_guard lock(m_mutex);
    for (const auto& job : m_queue) {
        job->stop.request_stop();
    }
    if (m_read) {
        m_read->stop.request_stop();
    }
}

/// The deadline counts from here and not from the start of the reading: it is the person's wait. The timer holds a weak
/// reference, so that an answered question does not live until its deadline.
PendingAnswer BackgroundReader::enqueue(Pending job)
{
    PendingAnswer pending{job->stop};
    QTimer::singleShot(m_deadline, this, [this, late = std::weak_ptr{job}] {
        if (const auto unanswered = late.lock()) {
            refuseLate(unanswered);
        }
    });
    {
        const std::lock_guard lock(m_mutex);
        if (m_thread.get_stop_token().stop_requested()) {
            job->stop.request_stop();
        }
        m_queue.push_back(std::move(job));
    }
    m_woken.notify_one();
    return pending;
}

BackgroundReader::Pending BackgroundReader::nextJob(const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    m_read.reset();
    m_woken.wait(lock, stop, [this] { return !m_queue.empty(); });
    if (stop.stop_requested()) {
        return nullptr;
    }
    m_read = std::move(m_queue.front());
    m_queue.pop_front();
    return m_read;
}

void BackgroundReader::serve(const std::stop_token& stop)
{
    Journal connection;
    while (const auto job = nextJob(stop)) {
        if (job->stop.stop_requested()) {
            continue;
        }
        const auto reading = withoutExceptions<Reading>(kThread, [&] { return readingOf(*job, connection); });
        if (!reading.ok() || !reading->succeeded) {
            connection.reset();
        }
        deliver(job, reading.ok() ? reading->deliver : refusalOf(job, reading.error()));
    }
}

std::function<void()> BackgroundReader::refusalOf(const Pending& job, const Error& error)
{
    return [job, error] { job->refuse(error); };
}

/// Asks the question of \p job on \p connection, which is opened first where it has to be.
BackgroundReader::Reading BackgroundReader::readingOf(const Job& job, Journal& connection)
{
    Result<JournalReader*> journal{connection.get()};
    if (connection == nullptr || !connection->current()) {
        connection.reset();
        auto opened = m_connect();
        journal = opened.ok() ? Result<JournalReader*>{opened->get()} : Result<JournalReader*>{opened.error()};
        connection = opened.ok() ? std::move(opened).value() : nullptr;
    }
    return job.read(journal, job.stop.get_token());
}

/// Called on the reader's thread.
void BackgroundReader::deliver(const Pending& job, std::function<void()> answer)
{
    {
        const std::lock_guard lock(m_mutex);
        job->answer = std::move(answer);
    }
    QMetaObject::invokeMethod(
        this, [this, job] { tell(job); }, Qt::QueuedConnection);
}

/// Called on the GUI thread, where PendingAnswer changes the stop state: so an answer can never come after its PendingAnswer is
/// gone.
void BackgroundReader::tell(const Pending& job)
{
    std::function<void()> answer;
    {
        const std::lock_guard lock(m_mutex);
        answer = std::exchange(job->answer, {});
    }
    if (!job->stop.stop_requested() && !std::exchange(job->answered, true)) {
        answer();
    }
}

void BackgroundReader::refuseLate(const Pending& job)
{
    if (job->stop.stop_requested() || std::exchange(job->answered, true)) {
        return;
    }
    job->stop.request_stop();
    job->refuse(makeError(StationCode::JournalBusy,
                          "the journal did not answer within " + std::to_string(m_deadline.count()) + " ms",
                          "read the journal"));
}

} // namespace enroll::ui

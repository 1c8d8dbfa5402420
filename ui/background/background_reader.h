#pragma once

#include "db/review/journal_reader.h"

#include <QObject>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace enroll::ui {

/// A question that is not answered yet. Keep it as long as the answer is wanted: once it is destroyed or replaced, the
/// answer callback is never called, and a question still in the queue is not asked. GUI thread.
class PendingAnswer {
public:
    PendingAnswer() = default;
    explicit PendingAnswer(std::stop_source question) : m_question(std::move(question)) {}
    ~PendingAnswer() { m_question.request_stop(); }
    PendingAnswer(PendingAnswer&& other) noexcept = default;
    PendingAnswer& operator=(PendingAnswer&& other) noexcept
    {
        std::swap(m_question, other.m_question); // the destructor of `other` cancels the former question
        return *this;
    }
    PendingAnswer(const PendingAnswer&) = delete;
    PendingAnswer& operator=(const PendingAnswer&) = delete;

private:
    std::stop_source m_question{std::nostopstate};
};

/// Reads the journal for the screens, so that the GUI thread never waits for the disk.
///
/// One thread of its own with one connection runs the questions, in their order. Answers are values, delivered on the
/// thread that this object lives on. The connection stays open; it is made anew after a question that returned an
/// error, and when the journal's file was replaced.
class BackgroundReader final : public QObject {
    Q_OBJECT

public:
    using Connect = std::function<Result<std::unique_ptr<db::review::JournalReader>>()>;
    /// Runs on the reader's thread. A long one must check the token between rows and return some error once a stop is
    /// requested: then nobody waits for the answer any more.
    template <class Value>
    using Question = std::function<Result<Value>(db::review::JournalReader&, const std::stop_token&)>;
    template <class Value>
    using Answer = std::function<void(const Result<Value>&)>;

    static constexpr std::chrono::milliseconds kDeadline{10'000};

    /// \p connect runs on the reader's thread. A question that has no answer \p deadline after ask() is answered with
    /// S-302.
    explicit BackgroundReader(Connect connect, std::chrono::milliseconds deadline = kDeadline,
                              QObject* parent = nullptr);
    ~BackgroundReader() override;

    /// Asks \p question. \p answer is called once, unless the returned object is destroyed before.
    template <class Value>
    [[nodiscard]] PendingAnswer ask(Question<Value> question, Answer<Value> answer)
    {
        auto job = std::make_shared<Job>();
        job->refuse = [answer](const Error& error) { answer(error); };
        job->read = [question = std::move(question), answer = std::move(answer)](
                        const Result<db::review::JournalReader*>& journal, const std::stop_token& stop) -> Reading {
            const auto value = journal.ok() ? question(**journal, stop) : Result<Value>{journal.error()};
            return {value.ok(), [answer, value] { answer(value); }};
        };
        return enqueue(std::move(job));
    }

    /// Cancels all questions: nothing more is read or answered.
    void requestStop() noexcept;

private:
    struct Reading {
        bool succeeded;
        std::function<void()> deliver; ///< called on this object's thread
    };
    struct Job {
        std::stop_source stop;
        std::function<Reading(Result<db::review::JournalReader*>, const std::stop_token&)> read;
        std::function<void(const Error&)> refuse;
        std::function<void()> answer; ///< under m_mutex: from the reader's thread to the GUI's
        bool answered = false;        ///< GUI thread
    };
    using Pending = std::shared_ptr<Job>;

    PendingAnswer enqueue(Pending job);
    using Journal = std::unique_ptr<db::review::JournalReader>;
    void serve(const std::stop_token& stop);
    Reading readingOf(const Job& job, Journal& connection);
    static std::function<void()> refusalOf(const Pending& job, const Error& error);
    Pending nextJob(const std::stop_token& stop);
    void deliver(const Pending& job, std::function<void()> answer);
    void tell(const Pending& job);
    void refuseLate(const Pending& job);

    Connect m_connect;
    std::chrono::milliseconds m_deadline;
    std::mutex m_mutex;
    std::condition_variable_any m_woken;
    std::deque<Pending> m_queue; ///< under m_mutex
    Pending m_read;              ///< under m_mutex: the question that the thread is working on
    std::jthread m_thread;       // last: joined before the members it uses are gone
};

} // namespace enroll::ui

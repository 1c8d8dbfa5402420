#include "app/desktop/badge_reader.h"

#include "core/base/scan_code.h"
#include "core/base/without_exceptions.h"
#include "core/config/people_file.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace enroll::app::desktop {
namespace {

constexpr auto kThread = "badges";
using Found = Result<std::optional<enrollment::Person>>;

Found ownerOf(const SecretBytes& badge, const std::filesystem::path& dataDirectory)
{
    TRY_ASSIGN(const auto people, config::readPeople(dataDirectory));
    if (!people) {
        return makeError(ScanCode::BadgeNotUsed, "there is no " + config::peopleFile(dataDirectory).string(),
                         "sign in");
    }
    return enrollment::whoseBadge(badge, *people);
}

struct Question {
    SecretBytes badge;
    station::BadgeCheck::Answer answer;
};

} // namespace

struct BadgeReader::Impl {
    std::filesystem::path dataDirectory;
    BadgeReader* reader;
    std::mutex mutex = {};
    std::condition_variable_any asked = {};
    std::optional<Question> next = {}; ///< under mutex
    std::jthread thread = {};          // last: joined before what it uses is gone

    void serve(const std::stop_token& stop)
    {
        std::unique_lock held(mutex);
        while (asked.wait(held, stop, [this] { return next.has_value(); }) && !stop.stop_requested()) {
            auto question = *std::exchange(next, std::nullopt);
            held.unlock();
            auto found = withoutExceptions<std::optional<enrollment::Person>>(
                kThread, [&] { return ownerOf(question.badge, dataDirectory); });
            question.badge.wipe();
            QMetaObject::invokeMethod(
                reader, [answer = std::move(question.answer), found = std::move(found)] { answer(found); },
                Qt::QueuedConnection);
            held.lock();
        }
    }
};

BadgeReader::BadgeReader(std::filesystem::path dataDirectory, QObject* parent)
    : QObject(parent), m_impl(new Impl{.dataDirectory = std::move(dataDirectory), .reader = this})
{
    m_impl->thread = std::jthread{
        [impl = m_impl.get()](const std::stop_token& stop) { runThread(kThread, [&] { impl->serve(stop); }); }};
}

BadgeReader::~BadgeReader() = default;

void BadgeReader::ask(SecretBytes badge, Answer answer)
{
    const std::lock_guard held(m_impl->mutex);
    m_impl->next.emplace(Question{std::move(badge), std::move(answer)});
    m_impl->asked.notify_one();
}

} // namespace enroll::app::desktop

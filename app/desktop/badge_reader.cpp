#include "app/desktop/badge_reader.h"

#include "core/base/scan_code.h"
#include "core/base/without_exceptions.h"
#include "core/config/people_file.h"
#include "core/enrollment/pin.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>

namespace enroll::app::desktop {
namespace {

constexpr auto kThread = "badges";
using enrollment::People;
using enrollment::Person;

Result<People> peopleOf(const std::filesystem::path& dataDirectory)
{
    TRY_ASSIGN(auto people, config::readPeople(dataDirectory));
    if (!people) {
        return makeError(ScanCode::BadgeNotUsed, "there is no " + config::peopleFile(dataDirectory).string(),
                         "sign in");
    }
    return *std::move(people);
}

Result<std::optional<Person>> ownerOf(const SecretBytes& badge, const std::filesystem::path& dataDirectory)
{
    TRY_ASSIGN(const auto people, peopleOf(dataDirectory));
    return enrollment::whoseBadge(badge, people);
}

Result<bool> isPinOf(const enrollment::OperatorId& id, const SecretBytes& pin,
                     const std::filesystem::path& dataDirectory)
{
    TRY_ASSIGN(const auto people, peopleOf(dataDirectory));
    const auto person = std::ranges::find(people, id, &Person::id);
    if (person == people.end()) {
        return makeError(ScanCode::BadgeUnknown, id.text() + " is not there any more", "sign in");
    }
    return person->pin ? enrollment::isPinOf(pin, *person) : Result<bool>{true};
}

struct BadgeQuestion {
    SecretBytes badge;
    station::BadgeCheck::Answer answer;
};

struct PinQuestion {
    enrollment::OperatorId person;
    SecretBytes pin;
    station::BadgeCheck::PinAnswer answer;
};

// Each finds out what was asked, and wipes the code; what it returns tells the answer, on the thread of who asked.

std::function<void()> answerTo(BadgeQuestion& question, const std::filesystem::path& dataDirectory)
{
    auto found =
        withoutExceptions<std::optional<Person>>(kThread, [&] { return ownerOf(question.badge, dataDirectory); });
    question.badge.wipe();
    return [answer = std::move(question.answer), found = std::move(found)] { answer(found); };
}

std::function<void()> answerTo(PinQuestion& question, const std::filesystem::path& dataDirectory)
{
    auto right =
        withoutExceptions<bool>(kThread, [&] { return isPinOf(question.person, question.pin, dataDirectory); });
    question.pin.wipe();
    return [answer = std::move(question.answer), right = std::move(right)] { answer(right); };
}

using Question = std::variant<BadgeQuestion, PinQuestion>;

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
            auto tell = std::visit([this](auto& one) { return answerTo(one, dataDirectory); }, question);
            QMetaObject::invokeMethod(reader, std::move(tell), Qt::QueuedConnection);
            held.lock();
        }
    }

    void take(Question question)
    {
        const std::lock_guard held(mutex);
        next.emplace(std::move(question));
        asked.notify_one();
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
    m_impl->take(BadgeQuestion{std::move(badge), std::move(answer)});
}

void BadgeReader::askPin(const enrollment::OperatorId& person, SecretBytes pin, PinAnswer answer)
{
    m_impl->take(PinQuestion{person, std::move(pin), std::move(answer)});
}

} // namespace enroll::app::desktop

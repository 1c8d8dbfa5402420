#include "core/station/sign_in.h"

#include "core/base/scan_code.h"

#include <algorithm>
#include <utility>

namespace enroll::station {

using enrollment::OperatorId;
using enrollment::Person;

namespace {

constexpr auto kOperation = "sign in";

Error pinMissing()
{
    return makeError(ScanCode::PinMissing, "a PIN is asked for", "scan");
}

} // namespace

OperatorId SignIn::operatorId() const
{
    return m_person ? m_person->id : OperatorId{};
}

Result<void> SignIn::requireSettled() const
{
    if (m_locked) {
        return makeError(ScanCode::SessionLocked, "the station is locked", "scan");
    }
    if (m_awaited) {
        return makeError(ScanCode::OperatorMissing, "a badge is being read", "scan");
    }
    if (m_question) {
        return pinMissing();
    }
    return {};
}

Result<void> SignIn::requireSomebody() const
{
    TRY(requireSettled());
    if (m_need != Need::Optional && !m_person) {
        return makeError(ScanCode::OperatorMissing, "nobody is signed in", "scan");
    }
    return {};
}

Result<void> SignIn::requireAdministrator() const
{
    TRY(requireSomebody());
    if (m_need != Need::Optional && m_person->role != enrollment::Role::Administrator) {
        return makeError(ScanCode::AdministratorMissing, m_person->id.text() + " is no administrator", kOperation);
    }
    return {};
}

Error SignIn::whyNothingElse() const
{
    if (m_question) {
        return pinMissing();
    }
    return makeError(m_locked ? ScanCode::SessionLocked : ScanCode::OperatorMissing, "nobody has signed in", "scan");
}

SignIn::Ticket SignIn::begin()
{
    m_cameAtQuestion = m_question || (m_awaited && m_cameAtQuestion);
    m_question.reset();
    m_awaited = ++m_last;
    return m_last;
}

Result<SignIn::Came> SignIn::end(Ticket ticket, const std::optional<Person>& found, TimePoint now)
{
    if (!fail(ticket)) {
        return Came::Nothing;
    }
    if (!found) { // its code stands in no log
        return makeError(ScanCode::BadgeUnknown, "a badge of nobody", kOperation);
    }
    const bool isThere = !m_locked && m_person && m_person->id == found->id;
    if (found->pin && !isThere) {
        m_question = PinQuestion{*found, now + kPinPatience};
        return Came::PinAsked;
    }
    return enter(*found, now);
}

bool SignIn::fail(Ticket ticket)
{
    if (m_awaited != ticket) {
        return false;
    }
    m_awaited.reset();
    return true;
}

Result<std::optional<SignIn::Ticket>> SignIn::beginPin(TimePoint now)
{
    if (!m_question || m_question->check) {
        return std::optional<Ticket>{};
    }
    TRY(m_tries.begin(m_question->person.id, now));
    m_question->check = ++m_last;
    return std::optional{m_last};
}

Result<SignIn::Came> SignIn::endPin(Ticket ticket, bool right, TimePoint now)
{
    if (!endCheck(ticket, now)) {
        return Came::Nothing;
    }
    const auto who = m_question->person.id;
    if (!right) {
        return m_tries.waitsUntil(who, now)
                   ? makeError(ScanCode::PinLocked, "too many wrong PINs of " + who.text(), kOperation)
                   : makeError(ScanCode::PinWrong, "a wrong PIN of " + who.text(), kOperation);
    }
    m_tries.right(who);
    return enter(std::exchange(m_question, std::nullopt)->person, now);
}

bool SignIn::failPin(Ticket ticket, TimePoint now)
{
    const bool asked = endCheck(ticket, now);
    if (asked) {
        m_tries.takeBack(m_question->person.id);
    }
    return asked;
}

bool SignIn::endCheck(Ticket ticket, TimePoint now)
{
    if (!m_question || m_question->check != ticket) {
        return false;
    }
    m_question->check.reset();
    m_question->until = now + kPinPatience;
    return true;
}

bool SignIn::startAgain()
{
    const bool asked = m_question || m_awaited;
    m_question.reset();
    m_awaited.reset();
    return asked;
}

SignIn::Came SignIn::enter(const Person& person, TimePoint now)
{
    const bool goesOn = m_locked && m_person && m_person->id == person.id;
    m_locked = false;
    m_person = person;
    m_touched = now;
    return goesOn ? Came::Unlocked : Came::SignedIn;
}

void SignIn::touched(TimePoint now)
{
    m_touched = now;
    if (m_question) {
        m_question->until = now + kPinPatience;
    }
}

std::optional<SignIn::TimePoint> SignIn::locksAt() const
{
    const bool locks = m_person && !m_locked && m_lockAfter > std::chrono::minutes{0};
    return locks ? std::optional{m_touched + m_lockAfter} : std::nullopt;
}

SignIn::Passed SignIn::passTime(TimePoint now)
{
    Passed passed;
    if (m_question && !m_question->check && m_question->until <= now) {
        m_question.reset();
        passed.questionOver = true;
    }
    if (const auto at = locksAt(); at && *at <= now) {
        m_locked = true;
        passed.locked = true;
    }
    passed.waitOver = m_tries.passTime(now);
    return passed;
}

std::optional<SignIn::TimePoint> SignIn::nextDue() const
{
    std::optional<TimePoint> next = m_tries.nextEnd();
    const auto take = [&next](const std::optional<TimePoint>& other) {
        if (other && (!next || *other < *next)) {
            next = other;
        }
    };
    take(locksAt());
    if (m_question && !m_question->check) {
        take(m_question->until);
    }
    return next;
}

std::optional<Person> SignIn::signOut()
{
    startAgain();
    return std::exchange(m_person, std::nullopt);
}

} // namespace enroll::station

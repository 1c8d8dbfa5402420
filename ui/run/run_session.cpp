// Who works at the station: what the RunController does with badges, PINs and time.

#include "core/base/scan_code.h"
#include "ui/run/run_controller.h"

#include <QPointer>

#include <algorithm>
#include <utility>

namespace enroll::ui {

using enrollment::Person;
using station::SignIn;

void RunController::beginSignIn()
{
    m_signInDue.setSingleShot(true);
    m_signInDue.setTimerType(Qt::PreciseTimer); // a coarse one would be minutes late
    connect(&m_signInDue, &QTimer::timeout, this, &RunController::passTime);
    noteSignIn();
    if (!m_watched) { // as after somebody left
        m_board.leaveAlone();
    }
}

Result<void> RunController::readBadge(SecretBytes badge)
{
    if (!m_setup.badges) {
        return makeError(ScanCode::BadgeNotUsed, "nobody signs in here", "sign in");
    }
    m_setup.badges->ask(std::move(badge), [self = QPointer{this}, ticket = m_setup.signIn.begin()](const auto& found) {
        if (self) {
            self->takePerson(ticket, found);
        }
    });
    noteSignIn();
    return {};
}

void RunController::takePerson(SignIn::Ticket ticket, const Result<std::optional<Person>>& found)
{
    if (!found.ok()) {
        if (m_setup.signIn.fail(ticket)) {
            noteBadgeRefused(found.error());
        }
        return;
    }
    const auto before = signIn().operatorId();
    const auto came = m_setup.signIn.end(ticket, *found, now());
    came.ok() ? takeAnswer(*came, before) : noteBadgeRefused(came.error());
}

Result<void> RunController::enterPin(SecretBytes pin)
{
    TRY_ASSIGN(const auto ticket, m_setup.signIn.beginPin(now()));
    if (!ticket) {
        return {};
    }
    const auto person = m_setup.signIn.pinQuestion()->person.id;
    const auto answer = [self = QPointer{this}, ticket = *ticket, person](const auto& right) {
        if (self) {
            self->takePin(ticket, person, right);
        }
    };
    noteSignIn(); // the try is kept, whatever happens to the program before the answer
    m_setup.badges->askPin(person, std::move(pin), answer);
    return {};
}

void RunController::takePin(SignIn::Ticket ticket, const enrollment::OperatorId& person, const Result<bool>& right)
{
    const bool isAsked = signIn().pinQuestion() && signIn().pinQuestion()->check == ticket;
    if (!right.ok()) {
        m_setup.signIn.failPin(ticket, now());
        return notePinRefused(right.error(), person, isAsked);
    }
    const auto before = signIn().operatorId();
    const auto came = m_setup.signIn.endPin(ticket, *right, now());
    if (!came.ok()) {
        return notePinRefused(came.error(), person, isAsked);
    }
    if (!isAsked && !*right) { // it counts as a try all the same
        return notePinRefused(makeError(ScanCode::PinWrong, "a wrong PIN, not waited for", "sign in"), person, isAsked);
    }
    takeAnswer(*came, before);
}

void RunController::takeAnswer(SignIn::Came came, const enrollment::OperatorId& before)
{
    if (came == SignIn::Came::Nothing) {
        return;
    }
    noteSignIn();
    if (came == SignIn::Came::PinAsked) {
        Q_EMIT pinAsked();
    } else {
        came == SignIn::Came::Unlocked ? noteUnlocked() : noteSignedIn(before);
    }
}

void RunController::startAgain()
{
    m_setup.signIn.startAgain();
    noteSignIn();
}

std::optional<SignIn::TimePoint> RunController::pinWaitsUntil() const
{
    const auto& question = m_setup.signIn.pinQuestion();
    return question && !question->check ? m_setup.signIn.tries().waitsUntil(question->person.id, now()) : std::nullopt;
}

void RunController::passTime()
{
    const auto passed = m_setup.signIn.passTime(now());
    noteSignIn();
    if (passed.locked) {
        noteLocked();
    }
}

/// A machine that slept wakes no timer in time.
bool RunController::touched()
{
    const bool wasLocked = signIn().isLocked();
    const bool askedFirst = signIn().asksFirst();
    if (const auto due = signIn().nextDue(); due && *due <= now()) {
        passTime();
    }
    m_setup.signIn.touched(now());
    return signIn().isLocked() != wasLocked || signIn().asksFirst() != askedFirst;
}

std::optional<Person> RunController::signOut()
{
    const bool known = signIn().requireSettled().ok();
    auto person = m_setup.signIn.signOut();
    noteSignIn();
    if (person) {
        noteSignedOut(person->id, known);
    }
    return person;
}

std::optional<UtcTime> RunController::shiftStart() const
{
    return m_setup.badges ? m_duty.shift.startedAt : std::nullopt;
}

void RunController::noteSignIn()
{
    auto tries = signIn().tries().kept();
    if (tries != m_duty.tries || signIn().isLocked() != m_duty.locked) {
        m_duty.tries = std::move(tries);
        m_duty.locked = signIn().isLocked();
        keepDuty();
    }
    noteWhetherWatched();
    const auto due = m_setup.signIn.nextDue();
    m_signInDue.stop();
    if (due) {
        const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*due - now());
        m_signInDue.start(std::max(wait, std::chrono::milliseconds{0}));
    }
    Q_EMIT signInChanged();
}

/// A device that came before somebody was there who is known is asked for its label: a look tells it from what comes then.
void RunController::noteWhetherWatched()
{
    const bool was = std::exchange(m_watched, signIn().requireSomebody().ok());
    if (m_watched && !was && m_watch && m_board.rule() == enrollment::PairingRule::DeviceSerial) {
        m_watch->scanned(++m_hand);
    }
}

void RunController::noteSignedIn(const enrollment::OperatorId& before)
{
    m_duty.shift.signedIn(utcNow());
    keepDuty();
    note({.what = station::ActKind::SignedIn, .inPlaceOf = before});
    if (!before.empty() && before != signIn().operatorId()) {
        handOver();
    }
    Q_EMIT personChanged();
    Q_EMIT signedIn(*signIn().person());
}

void RunController::noteSignedOut(const enrollment::OperatorId& person, bool known)
{
    if (known) {
        m_duty.shift.signedOut();
        keepDuty();
        note({.what = station::ActKind::SignedOut, .operatorId = person});
    } else {
        note({.what = station::ActKind::SignedOut, .person = person}, By::Nobody);
    }
    handOver();
    if (!m_watched) {
        m_board.leaveAlone();
    }
    Q_EMIT personChanged();
}

void RunController::noteLocked()
{
    note({.what = station::ActKind::Locked});
    putHandDown(); // a device that comes meanwhile would take it
    m_board.leaveAlone();
    tellAllSlots();
    Q_EMIT locked();
}

void RunController::putHandDown()
{
    if (m_board.inHand()) {
        dropHand(By::Nobody);
    }
}

void RunController::handOver()
{
    putHandDown();
    m_board.changeHands();
    tellAllSlots();
    Q_EMIT handedOver();
}

void RunController::tellAllSlots()
{
    for (const auto slot : m_board.slots()) {
        Q_EMIT slotChanged(slot);
    }
}

void RunController::noteUnlocked()
{
    note({.what = station::ActKind::Unlocked});
    Q_EMIT personChanged(); // the file of people may call the person something else by now
    Q_EMIT signedIn(*signIn().person());
}

void RunController::noteBadgeRefused(const Error& error)
{
    noteSignIn();
    note({.what = station::ActKind::BadgeRefused, .code = error.code});
    Q_EMIT signInFailed(error);
}

void RunController::notePinRefused(const Error& error, const enrollment::OperatorId& person, bool isAsked)
{
    noteSignIn();
    note({.what = station::ActKind::PinRefused, .person = person, .code = error.code});
    if (isAsked) {
        Q_EMIT signInFailed(error);
    }
}

} // namespace enroll::ui

#pragma once

#include "core/base/result.h"
#include "core/enrollment/people.h"
#include "core/station/pin_tries.h"

#include <cstdint>
#include <optional>

namespace enroll::station {

/// Who works at the station. A value without a thread or a clock: whose a badge is, and whether a PIN is the right one,
/// takes a while to find, and is found elsewhere between begin() and end(), beginPin() and endPin().
///
/// - Whoever signs in takes the place of who was signed in before.
/// - A badge that is nobody's signs nobody in and nobody out.
/// - Of two badges that are scanned one after the other, the later counts, however long each takes.
/// - Somebody who has a PIN is asked for it behind the badge, and signed in by the right one. The badge of who is signed in
///   already, and did not lock, asks for none.
/// - A question for a PIN stands for half a minute after the last touch, and ends with another badge, with startAgain() and
///   with signing out. A PIN that is not entered signs nobody in and nobody out. How often somebody may enter a wrong one:
///   PinTries.
/// - Signing out ends what was begun: an answer that comes later signs nobody in.
/// - A station that nobody touched for so long as was agreed locks, if somebody is signed in. Whoever signs in opens it
///   again; who was signed in when it locked goes on, anybody else takes that place. Signing out does not open it, nor does a restart.
/// - Where a person is required, no serial number is taken, and nothing starts, without one; nor while the station is locked.
/// - What somebody began, and who comes next did not, is not finished in that name: a serial number in hand is put down, what
///   would start by itself waits for the key, and what was stopped is scanned again; so too when the station locks, and what
///   comes into a slot then is asked about. Who keeps this: RunController.
/// - Whose badge is being read, or whose PIN is asked for, is there already: until that is known, nobody does anything in the
///   name of who was signed in before, and nothing starts.
/// - What is typed behind a badge that is read while a PIN is asked for may be that PIN: nothing else is shown meanwhile.
class SignIn {
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    /// When somebody has to be signed in: never, before a test, before anything of the station is shown.
    enum class Need { Optional, Required, BeforeAll };
    /// Of one scan of a badge, or of one PIN.
    using Ticket = std::uint64_t;
    /// What came of an answer.
    enum class Came { Nothing, PinAsked, SignedIn, Unlocked };

    struct PinQuestion {
        enrollment::Person person; ///< whose badge was scanned
        TimePoint until;           ///< the question ends, unless a PIN is being checked
        std::optional<Ticket> check = {};
        bool operator==(const PinQuestion&) const = default;
    };
    static constexpr std::chrono::seconds kPinPatience{30};

    /// \p lockAfter: zero for never. \p wasLocked: when the program ended; of no weight where it never locks any more.
    explicit SignIn(Need need = Need::Optional, std::chrono::minutes lockAfter = {}, PinTries tries = {},
                    bool wasLocked = false)
        : m_need(need), m_lockAfter(lockAfter), m_tries(std::move(tries)),
          m_locked(wasLocked && lockAfter > std::chrono::minutes{0})
    {}

    [[nodiscard]] const std::optional<enrollment::Person>& person() const noexcept { return m_person; }
    /// What runs carry; empty: nobody is signed in.
    [[nodiscard]] enrollment::OperatorId operatorId() const;
    /// A badge was scanned, and nobody knows yet whose it is.
    [[nodiscard]] bool isReading() const noexcept { return m_awaited.has_value(); }
    [[nodiscard]] const std::optional<PinQuestion>& pinQuestion() const noexcept { return m_question; }
    [[nodiscard]] const PinTries& tries() const noexcept { return m_tries; }
    [[nodiscard]] bool isLocked() const noexcept { return m_locked; }
    /// What the station tests may be shown: it is not locked, and somebody is there if that is needed before all.
    [[nodiscard]] bool isOpen() const noexcept { return !m_locked && (m_need != Need::BeforeAll || m_person); }
    /// Nothing but a badge, or a PIN, is taken: isOpen() is false, or a PIN is asked for, or was when the badge was scanned
    /// that is being read.
    [[nodiscard]] bool asksFirst() const noexcept { return !isOpen() || m_question || (m_awaited && m_cameAtQuestion); }

    /// It is known who does what is done now: whoever is signed in, or nobody if nobody is.
    /// \par Errors   B-628 (locked), B-625 (a badge is being read), B-629 (a PIN is asked for)
    [[nodiscard]] Result<void> requireSettled() const;
    /// \par Errors   those of requireSettled(); B-625 if a person is required and nobody is signed in
    [[nodiscard]] Result<void> requireSomebody() const;
    /// What only an administrator may do is done now, if anybody has to be signed in at all.
    /// \par Errors   those of requireSomebody(); B-630 (somebody else is signed in)
    [[nodiscard]] Result<void> requireAdministrator() const;
    /// Why nothing else is taken while it asksFirst(): B-629 (a PIN is asked for), B-628, B-625.
    [[nodiscard]] Error whyNothingElse() const;

    Ticket begin();
    /// \p found: whose the badge of \p ticket is; none: nobody's. Nothing came of it, and nothing changes, if that is not asked
    /// any more.
    /// \par Errors   B-603 (nobody's)
    Result<Came> end(Ticket ticket, const std::optional<enrollment::Person>& found, TimePoint now);
    /// It could not be found out. False, and nothing changes, if it is not asked any more.
    bool fail(Ticket ticket);

    /// The person of the question entered a PIN, which counts as a wrong try from now on. None, and nothing changes, if no PIN is
    /// asked for, or one is being checked.
    /// \par Errors   B-627 (that person has to wait)
    Result<std::optional<Ticket>> beginPin(TimePoint now);
    /// Whether it is the \p right one is known. Nothing came of it if it is not asked any more; a wrong one counts all the same.
    /// \par Errors   B-626 (wrong), B-627 (wrong, and that person has to wait); the question stands for another half a minute
    Result<Came> endPin(Ticket ticket, bool right, TimePoint now);
    /// It could not be found out: the try is not counted. False, and nothing changes, if it is not asked any more.
    bool failPin(Ticket ticket, TimePoint now);
    /// Somebody else is there: neither the badge nor the PIN of before counts. True: something was asked.
    bool startAgain();

    /// Somebody pressed a key, tapped or scanned.
    void touched(TimePoint now);
    struct Passed {
        bool questionOver = false;
        bool locked = false;
        bool waitOver = false; ///< tries() changed
        bool operator==(const Passed&) const = default;
    };
    /// What came by time alone until \p now.
    Passed passTime(TimePoint now);
    /// When passTime() has something to tell, unless something else comes first.
    [[nodiscard]] std::optional<TimePoint> nextDue() const;

    /// Who was signed in; none: nobody.
    std::optional<enrollment::Person> signOut();

    bool operator==(const SignIn&) const = default;

private:
    bool endCheck(Ticket ticket, TimePoint now);
    Came enter(const enrollment::Person& person, TimePoint now);
    [[nodiscard]] std::optional<TimePoint> locksAt() const;

    Need m_need;
    std::chrono::minutes m_lockAfter;
    PinTries m_tries;
    std::optional<enrollment::Person> m_person;
    bool m_locked;
    TimePoint m_touched{};
    Ticket m_last = 0;
    std::optional<Ticket> m_awaited; ///< of a badge
    bool m_cameAtQuestion = false;   ///< that badge, or one before it that is not known yet
    std::optional<PinQuestion> m_question;
};

} // namespace enroll::station

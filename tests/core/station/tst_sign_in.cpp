#include "core/base/scan_code.h"
#include "core/station/sign_in.h"
#include "tests/support/every_sequence.h"

#include <QTest>

#include <functional>

using namespace enroll;
using namespace enroll::station;
using enrollment::OperatorId;
using enrollment::Person;

namespace {

using namespace std::chrono_literals;
using Came = SignIn::Came;
using Need = SignIn::Need;
using Ticket = SignIn::Ticket;
using TimePoint = SignIn::TimePoint;

Person personOf(const char* id, const std::optional<enrollment::SecretHash>& pin = {})
{
    return {OperatorId{id}, id, enrollment::Role::Technician, {}, pin};
}

const Person kAna = personOf("ana");
const Person kBen = personOf("ben", enrollment::SecretHash{});
constexpr TimePoint kStart{1h};

std::optional<Ticket> oldest(std::vector<Ticket>& tickets)
{
    if (tickets.empty()) {
        return std::nullopt;
    }
    const auto first = tickets.front();
    tickets.erase(tickets.begin());
    return first;
}

/// A station, what is being found out there, and what should be true of it.
struct Line {
    struct Question {
        TimePoint until;
        std::optional<Ticket> check = {};
    };

    void scan()
    {
        badges.push_back(signIn.begin());
        cameAtQuestion = question || (latest && cameAtQuestion);
        latest = badges.back();
        question.reset();
    }
    /// The oldest question about a badge is answered.
    void answer(const std::optional<Person>& found)
    {
        const auto ticket = oldest(badges);
        if (!ticket) {
            return;
        }
        const auto ended = signIn.end(*ticket, found, now);
        if (latest != ticket) {
            QVERIFY(ended.ok() && *ended == Came::Nothing);
            return;
        }
        latest.reset();
        if (!found) {
            QVERIFY(ended.error().code == ScanCode::BadgeUnknown);
        } else if (found->pin && (locked || person != found)) {
            QVERIFY(*ended == Came::PinAsked);
            question = Question{now + 30s};
        } else {
            comesIn(*found, *ended);
        }
    }
    void breaks()
    {
        if (const auto ticket = oldest(badges)) {
            QCOMPARE(signIn.fail(*ticket), latest == ticket);
            latest = latest == ticket ? std::nullopt : latest;
        }
    }
    void enterPin()
    {
        const auto begun = signIn.beginPin(now);
        if (!question || question->check) {
            QVERIFY(begun.ok() && !*begun);
        } else if (waits) {
            QVERIFY(begun.error().code == ScanCode::PinLocked);
        } else {
            question->check = *begun;
            pins.push_back(**begun);
            ++wrong;
            waits = wrong < 5 ? std::nullopt : std::optional{now + 30s * (1 << (wrong - 5))};
        }
    }
    /// The oldest question about a PIN is answered.
    void answerPin(bool right)
    {
        const auto ticket = oldest(pins);
        if (!ticket) {
            return;
        }
        const auto ended = signIn.endPin(*ticket, right, now);
        if (!question || question->check != ticket) {
            QVERIFY(ended.ok() && *ended == Came::Nothing);
        } else if (right) {
            wrong = 0;
            waits.reset();
            question.reset();
            comesIn(kBen, *ended);
        } else {
            question = Question{now + 30s};
            QVERIFY(ended.error().code == (waits ? ScanCode::PinLocked : ScanCode::PinWrong));
        }
    }
    void breaksPin()
    {
        const auto ticket = oldest(pins);
        if (!ticket) {
            return;
        }
        const bool asked = question && question->check == ticket;
        QCOMPARE(signIn.failPin(*ticket, now), asked);
        if (asked) {
            question = Question{now + 30s};
            --wrong;
            waits.reset();
        }
    }
    void startAgain()
    {
        QCOMPARE(signIn.startAgain(), question || latest);
        latest.reset();
        question.reset();
    }
    void touch()
    {
        signIn.touched(now);
        touched = now;
        if (question) {
            question->until = now + 30s;
        }
    }
    void wait(std::chrono::seconds time)
    {
        const auto due = signIn.nextDue();
        now += time;
        const SignIn::Passed passed{question && !question->check && question->until <= now,
                                    person && !locked && now - touched >= 1min, waits && *waits <= now};
        QVERIFY(signIn.passTime(now) == passed);
        QVERIFY(passed == SignIn::Passed{} || (due && *due <= now)); // else nobody would have looked
        QVERIFY(signIn.passTime(now) == SignIn::Passed{});
        question = passed.questionOver ? std::nullopt : question;
        waits = passed.waitOver ? std::nullopt : waits;
        locked = locked || passed.locked;
    }
    void leave()
    {
        QVERIFY(signIn.signOut() == person);
        person.reset();
        latest.reset();
        question.reset();
    }
    void check() const
    {
        QVERIFY(signIn.person() == person);
        QVERIFY(signIn.operatorId() == (person ? person->id : OperatorId{}));
        QCOMPARE(signIn.isReading(), latest.has_value());
        QCOMPARE(signIn.pinQuestion().has_value(), question.has_value());
        QVERIFY(!question || (signIn.pinQuestion()->until == question->until && signIn.pinQuestion()->person == kBen));
        QCOMPARE(signIn.isLocked(), locked);
        QCOMPARE(signIn.isOpen(), person && !locked);
        const bool isSettled = !latest && !locked && !question;
        QCOMPARE(signIn.asksFirst(), !person || locked || question || (latest && cameAtQuestion));
        QCOMPARE(signIn.requireSettled().ok(), isSettled);
        QCOMPARE(signIn.requireSomebody().ok(), person && isSettled);
        QCOMPARE(signIn.tries().left(kBen.id), std::max(1, 5 - wrong));
        QVERIFY(signIn.whyNothingElse().code == (question ? ScanCode::PinMissing
                                                 : locked ? ScanCode::SessionLocked
                                                          : ScanCode::OperatorMissing));
    }

    void comesIn(const Person& who, Came came)
    {
        QVERIFY(came == (locked && person == who ? Came::Unlocked : Came::SignedIn));
        person = who;
        locked = false;
        touched = now;
    }

    SignIn signIn{Need::BeforeAll, 1min};
    TimePoint now = kStart;
    TimePoint touched{};
    std::vector<Ticket> badges; ///< that are being read
    std::vector<Ticket> pins;   ///< that are being checked
    std::optional<Ticket> latest;
    bool cameAtQuestion = false; ///< the latest badge, or one before it that is not known yet
    std::optional<Question> question;
    std::optional<Person> person;
    std::optional<TimePoint> waits; ///< Ben
    bool locked = false;
    int wrong = 0;
};

/// Ana is there, and Ben at the pad.
struct AskingLine : Line {
    AskingLine()
    {
        scan();
        answer(kAna);
        scan();
        answer(kBen);
    }
};

/// Ben was there, and the station locked.
struct LockedLine : AskingLine {
    LockedLine()
    {
        enterPin();
        answerPin(true);
        wait(60s);
        scan();
        answer(kBen);
    }
};

/// The next wrong PIN is one too many.
struct TiredLine : AskingLine {
    TiredLine()
    {
        for (int i = 0; i < 4; ++i) {
            enterPin();
            answerPin(false);
        }
    }
};

template <class Some>
std::vector<std::function<void(Some&)>> acts()
{
    return {
        [](Some& line) { line.scan(); },          [](Some& line) { line.answer(kAna); },
        [](Some& line) { line.answer(kBen); },    [](Some& line) { line.answer(std::nullopt); },
        [](Some& line) { line.breaks(); },        [](Some& line) { line.enterPin(); },
        [](Some& line) { line.answerPin(true); }, [](Some& line) { line.answerPin(false); },
        [](Some& line) { line.breaksPin(); },     [](Some& line) { line.startAgain(); },
        [](Some& line) { line.touch(); },         [](Some& line) { line.wait(29s); },
        [](Some& line) { line.wait(1s); },        [](Some& line) { line.leave(); },
    };
}

} // namespace

class SignInTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whoIsThereIsWhoShowedWhatItTakes()
    {
        test::doEverySequence(acts<Line>(), 4);
        test::doEverySequence(acts<AskingLine>(), 4);
        test::doEverySequence(acts<LockedLine>(), 4);
        test::doEverySequence(acts<TiredLine>(), 4);
    }

    void aPersonThatIsRequiredMustBeThere()
    {
        QVERIFY(SignIn{}.requireSomebody().ok() && SignIn{}.isOpen());
        for (const auto need : {Need::Required, Need::BeforeAll}) {
            SignIn signIn{need};
            QCOMPARE(signIn.isOpen(), need == Need::Required);
            QVERIFY(signIn.requireSomebody().error().code == ScanCode::OperatorMissing);
            QVERIFY(*signIn.end(signIn.begin(), kAna, kStart) == Came::SignedIn);
            QVERIFY(signIn.requireSomebody().ok() && signIn.isOpen());
            signIn.signOut();
            QVERIFY(!signIn.requireSomebody().ok());
        }
    }

    void whatOnlyAnAdministratorMayDoWaitsForOne()
    {
        const Person boss{OperatorId{"dan"}, "dan", enrollment::Role::Administrator, {}, {}};
        for (const auto need : {Need::Required, Need::BeforeAll}) {
            SignIn signIn{need, 1min};
            QVERIFY(signIn.requireAdministrator().error().code == ScanCode::OperatorMissing);
            for (const auto role : {enrollment::Role::Technician, enrollment::Role::Quality}) {
                auto other = kAna;
                other.role = role;
                QVERIFY(*signIn.end(signIn.begin(), other, kStart) == Came::SignedIn);
                QVERIFY(signIn.requireAdministrator().error().code == ScanCode::AdministratorMissing);
            }
            QVERIFY(*signIn.end(signIn.begin(), boss, kStart) == Came::SignedIn);
            QVERIFY(signIn.requireAdministrator().ok());
            QVERIFY(signIn.passTime(kStart + 1min).locked);
            QVERIFY(signIn.requireAdministrator().error().code == ScanCode::SessionLocked);
        }
        SignIn open; // where nobody has to sign in, everybody may
        QVERIFY(open.requireAdministrator().ok());
        QVERIFY(*open.end(open.begin(), kAna, kStart) == Came::SignedIn);
        QVERIFY(open.requireAdministrator().ok());
    }

    /// Ana works, and Ben's badge was read: until his PIN is right, who acts may be either.
    void whilePinIsAskedForNobodyIsKnown()
    {
        SignIn signIn;
        QVERIFY(*signIn.end(signIn.begin(), kAna, kStart) == Came::SignedIn);
        QVERIFY(signIn.requireSettled().ok() && !signIn.asksFirst());
        QVERIFY(*signIn.end(signIn.begin(), kBen, kStart) == Came::PinAsked);
        QVERIFY(signIn.requireSettled().error().code == ScanCode::PinMissing);
        QVERIFY(signIn.requireSomebody().error().code == ScanCode::PinMissing);
        const auto again = signIn.begin(); // his badge is read twice, and what he types behind it is his PIN
        QVERIFY(!signIn.pinQuestion() && signIn.asksFirst());
        const auto onceMore = signIn.begin();
        QVERIFY(signIn.asksFirst());
        QVERIFY(*signIn.end(again, kBen, kStart) == Came::Nothing && signIn.asksFirst());
        QVERIFY(signIn.fail(onceMore));
        QVERIFY(!signIn.asksFirst() && signIn.requireSettled().ok());
        signIn.begin();
        QVERIFY(!signIn.asksFirst()); // nobody was asked before this one
    }

    /// Where nobody has to sign in, a locked station is not opened by signing out.
    void aLockedStationIsOpenedByABadgeAlone()
    {
        SignIn signIn{Need::Optional, 1min};
        QVERIFY(signIn.passTime(kStart + 24h) == SignIn::Passed{}); // nobody is there whose place could be taken
        QVERIFY(*signIn.end(signIn.begin(), kAna, kStart) == Came::SignedIn);
        QVERIFY(signIn.passTime(kStart + 59s) == SignIn::Passed{});
        QVERIFY(signIn.nextDue() == kStart + 60s);
        QVERIFY(signIn.passTime(kStart + 60s).locked);
        QVERIFY(!signIn.isOpen());
        QVERIFY(signIn.requireSomebody().error().code == ScanCode::SessionLocked);
        QVERIFY(signIn.signOut() == kAna);
        signIn.touched(kStart + 61s);
        QVERIFY(!signIn.isOpen() && !signIn.requireSomebody().ok());
        QVERIFY(*signIn.end(signIn.begin(), kAna, kStart + 70s) == Came::SignedIn);
        QVERIFY(signIn.isOpen());
    }

    void aRestartDoesNotOpenIt()
    {
        SignIn signIn{Need::Optional, 1min, {}, true};
        QVERIFY(signIn.isLocked() && !signIn.isOpen());
        QVERIFY(!signIn.nextDue());
        QVERIFY(*signIn.end(signIn.begin(), kAna, kStart) == Came::SignedIn);
        QVERIFY(signIn.isOpen());
        QVERIFY((SignIn{Need::Optional, {}, {}, true}.isOpen())); // agreed otherwise by now
    }

    void withoutAnAgreementNothingLocks()
    {
        SignIn signIn;
        QVERIFY(*signIn.end(signIn.begin(), kAna, kStart) == Came::SignedIn);
        QVERIFY(!signIn.nextDue());
        QVERIFY(signIn.passTime(kStart + 1000h) == SignIn::Passed{});
    }

    /// A restart is no way around a wait.
    void whatWasKeptOfWrongPinsHoldsFromTheStart()
    {
        SignIn signIn{Need::Optional, {}, PinTries{{{kBen.id, 6, true}}, kStart}};
        QVERIFY(*signIn.end(signIn.begin(), kBen, kStart) == Came::PinAsked);
        QVERIFY(signIn.beginPin(kStart + 10s).error().code == ScanCode::PinLocked);
        QVERIFY(*signIn.end(signIn.begin(), kAna, kStart + 11s) == Came::SignedIn);
        QVERIFY(signIn.nextDue() == kStart + 60s);
    }
};

QTEST_APPLESS_MAIN(SignInTest)
#include "tst_sign_in.moc"

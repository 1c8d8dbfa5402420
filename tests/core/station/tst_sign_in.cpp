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

Person personOf(const char* id)
{
    return {OperatorId{id}, id, enrollment::Role::Technician, {}};
}

const Person kAna = personOf("ana");
const Person kBen = personOf("ben");

/// A station, the badges that are being read there, and who should be signed in.
struct Line {
    void scan()
    {
        asked.push_back(signIn.begin());
        latest = asked.back();
    }
    /// The oldest question is answered.
    void answer(const std::optional<Person>& found)
    {
        if (asked.empty()) {
            return;
        }
        const auto ticket = asked.front();
        asked.erase(asked.begin());
        const bool counts = latest == ticket;
        const auto ended = signIn.end(ticket, found);
        if (!counts) {
            QVERIFY(ended.ok() && !*ended);
        } else if (found) {
            QVERIFY(ended.ok() && *ended);
            expected = found;
        } else {
            QVERIFY(ended.error().code == ScanCode::BadgeUnknown);
        }
        if (counts) {
            latest.reset();
        }
    }
    void breaks()
    {
        if (asked.empty()) {
            return;
        }
        const auto ticket = asked.front();
        asked.erase(asked.begin());
        QCOMPARE(signIn.fail(ticket), latest == ticket);
        if (latest == ticket) {
            latest.reset();
        }
    }
    void leave()
    {
        QVERIFY(signIn.signOut() == expected);
        expected.reset();
        latest.reset();
    }
    void check() const
    {
        QVERIFY(signIn.person() == expected);
        QVERIFY(signIn.operatorId() == (expected ? expected->id : OperatorId{}));
        QCOMPARE(signIn.isReading(), latest.has_value());
        QCOMPARE(signIn.requireSomebody().ok(), expected.has_value());
    }

    SignIn signIn{SignIn::Need::Required};
    std::vector<SignIn::Ticket> asked;
    std::optional<SignIn::Ticket> latest;
    std::optional<Person> expected;
};

} // namespace

class SignInTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whoeverIsSignedInIsWhoseBadgeWasScannedLast()
    {
        const std::vector<std::function<void(Line&)>> acts{
            [](Line& line) { line.scan(); },       [](Line& line) { line.answer(kAna); },
            [](Line& line) { line.answer(kBen); }, [](Line& line) { line.answer(std::nullopt); },
            [](Line& line) { line.breaks(); },     [](Line& line) { line.leave(); },
        };
        test::doEverySequence(acts, 6);
    }

    void aPersonThatIsRequiredMustBeThere()
    {
        QVERIFY(SignIn{}.requireSomebody().ok());
        SignIn signIn{SignIn::Need::Required};
        QVERIFY(signIn.requireSomebody().error().code == ScanCode::OperatorMissing);
        QVERIFY(*signIn.end(signIn.begin(), kAna));
        QVERIFY(signIn.requireSomebody().ok());
        signIn.signOut();
        QVERIFY(!signIn.requireSomebody().ok());
    }
};

QTEST_APPLESS_MAIN(SignInTest)
#include "tst_sign_in.moc"

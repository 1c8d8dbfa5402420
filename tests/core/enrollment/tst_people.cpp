#include "core/enrollment/people.h"
#include "tests/support/must.h"

#include <QTest>

using namespace enroll;
using namespace enroll::enrollment;
using enroll::test::must;

namespace {

SecretBytes badge(const char* code)
{
    return SecretBytes::copyOf(asBytes(std::string_view{code}));
}

Person personOf(const char* id, const char* code, const People& others)
{
    return {OperatorId{id}, id, Role::Technician, must(hashForBadge(badge(code), others))};
}

} // namespace

class PeopleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aBadgeIsOneOfOneAlone()
    {
        People people;
        people.push_back(personOf("ana", "B00001", people));
        people.push_back(personOf("ben", "B00002", people));
        QVERIFY(must(whoseBadge(badge("B00001"), people))->id == OperatorId{"ana"});
        QVERIFY(must(whoseBadge(badge("B00002"), people))->id == OperatorId{"ben"});
        for (const auto* other : {"B00003", "b00001", "B00001 ", "", "B0000"}) {
            QVERIFY(!must(whoseBadge(badge(other), people)));
        }
        QVERIFY(!must(whoseBadge(badge("B00001"), {})));
    }

    /// Else each scan would take as many calculations as there are people.
    void whoJoinsSharesTheSaltOfTheOthers()
    {
        People people{personOf("ana", "B00001", {})};
        QCOMPARE(people.front().badge.salt.size(), kSaltSize);
        QCOMPARE(people.front().badge.hash.size(), kHashSize);
        QVERIFY(personOf("ben", "B00002", people).badge.salt == people.front().badge.salt);
        QVERIFY(personOf("eve", "B00001", {}).badge.salt != people.front().badge.salt); // of another station
    }

    /// Files that were put together by hand.
    void peopleOfSeveralSaltsAreFound()
    {
        const People people{personOf("ana", "B00001", {}), personOf("ben", "B00002", {})};
        QVERIFY(must(whoseBadge(badge("B00002"), people))->id == OperatorId{"ben"});
    }

    void aCostThatIsRefusedIsAnErrorAndNobody()
    {
        People people{personOf("ana", "B00001", {})};
        people.front().badge.cost.n = 3;
        QVERIFY(!whoseBadge(badge("B00001"), people).ok());
    }
};

QTEST_APPLESS_MAIN(PeopleTest)
#include "tst_people.moc"

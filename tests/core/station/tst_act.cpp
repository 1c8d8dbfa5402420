#include "core/station/act.h"

#include <QTest>

#include <set>

using namespace enroll;
using namespace enroll::station;

class TestAct : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyKindHasAWordOfItsOwn()
    {
        std::set<std::string_view> words;
        for (const auto kind : kAllActKinds) {
            QVERIFY(!actKindText(kind).empty());
            words.insert(actKindText(kind));
        }
        QCOMPARE(words.size(), kAllActKinds.size());
        QCOMPARE(static_cast<std::size_t>(kAllActKinds.back()) + 1, kAllActKinds.size()); // none is left out
    }

    void everyCauseHasAWordOfItsOwn()
    {
        std::set<std::string_view> words;
        for (const auto cause : kAllActCauses) {
            words.insert(actCauseText(cause));
        }
        QCOMPARE(words.size(), kAllActCauses.size());
        QCOMPARE(static_cast<std::size_t>(kAllActCauses.back()) + 1, kAllActCauses.size());
    }

    void aWordOfANewerProgramIsKept()
    {
        QCOMPARE(actKindText(Word<ActKind>::unknown("lid-opened")), std::string_view{"lid-opened"});
    }

    void nobodyIsNamedForARefusedSignIn()
    {
        QVERIFY(isOfUnknownPerson(ActKind::BadgeRefused));
        QVERIFY(isOfUnknownPerson(ActKind::PinRefused));
        QVERIFY(!isOfUnknownPerson(ActKind::SignedIn));
        QVERIFY(!isOfUnknownPerson(ActKind::RunStopped));
    }
};

QTEST_APPLESS_MAIN(TestAct)
#include "tst_act.moc"

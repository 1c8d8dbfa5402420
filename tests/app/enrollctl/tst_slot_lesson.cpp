#include "app/enrollctl/slot_lesson.h"

#include <QTest>

namespace enroll::test {

using app::enrollctl::SlotLesson;

class TestSlotLesson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theNewPortIsTheSlots()
    {
        SlotLesson lesson{{{"1-1", "5"}}};
        QVERIFY((lesson.look({{"1-1", "5"}}, {}) == SlotLesson::Answer{SlotLesson::Nothing{}}));
        QVERIFY((lesson.look({{"1-1", "5"}, {"1-2", "6"}}, {}) == SlotLesson::Answer{SlotLesson::Learnt{"1-2"}}));
    }

    void whatWasInCountsWhenItIsPluggedInAgain()
    {
        SlotLesson lesson{{{"1-1", "5"}}};
        QVERIFY((lesson.look({}, {}) == SlotLesson::Answer{SlotLesson::Nothing{}}));
        QVERIFY((lesson.look({{"1-1", "5"}}, {}) == SlotLesson::Answer{SlotLesson::Learnt{"1-1"}}));
        SlotLesson quick{{{"1-1", "5"}}};
        QVERIFY((quick.look({{"1-1", "6"}}, {}) == SlotLesson::Answer{SlotLesson::Learnt{"1-1"}}));
    }

    void twoAtOnceAreAskedAgain()
    {
        SlotLesson lesson{{}};
        const app::enrollctl::Plugged both{{"1-1", "5"}, {"1-2", "6"}};
        QVERIFY((lesson.look(both, {}) == SlotLesson::Answer{SlotLesson::Several{{"1-1", "1-2"}}}));
        QVERIFY((lesson.look(both, {}) == SlotLesson::Answer{SlotLesson::Nothing{}}));
        QVERIFY((lesson.look({{"1-1", "5"}}, {}) ==
                 SlotLesson::Answer{SlotLesson::Nothing{}})); // is it the one that is meant?
        QVERIFY((lesson.look({{"1-1", "5"}, {"1-2", "7"}}, {}) == SlotLesson::Answer{SlotLesson::Learnt{"1-2"}}));
    }

    void aPortHasOneSlot()
    {
        SlotLesson lesson{{}};
        const std::map<std::string, int> known{{"1-1", 4}};
        QVERIFY((lesson.look({{"1-1", "5"}}, known) == SlotLesson::Answer{SlotLesson::OfAnotherSlot{"1-1", 4}}));
        QVERIFY((lesson.look({{"1-1", "5"}, {"1-3", "6"}}, known) == SlotLesson::Answer{SlotLesson::Learnt{"1-3"}}));
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestSlotLesson)
#include "tst_slot_lesson.moc"

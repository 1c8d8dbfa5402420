#include "core/station/work_shift.h"

#include <QTest>

using namespace enroll;
using namespace enroll::station;
using namespace std::chrono_literals;

namespace {

constexpr UtcTime kMorning{std::chrono::milliseconds{1'764'000'000'000}};

} // namespace

class WorkShiftTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theFirstBadgeBeginsIt()
    {
        Shift shift;
        QVERIFY(!shift.startedAt);
        shift.signedOut(); // nobody was there
        QVERIFY(shift == Shift{});
        shift.signedIn(kMorning);
        QVERIFY((shift == Shift{kMorning, false}));
    }

    void whoTakesThePlaceOfAnotherGoesOnWithIt()
    {
        Shift shift{kMorning, false};
        shift.signedIn(kMorning + 4h);
        QVERIFY((shift == Shift{kMorning, false}));
    }

    /// Its numbers are those of the last shift until somebody comes.
    void itIsOverWithTheLastPersonAndTheNextBeginsAnother()
    {
        Shift shift{kMorning, false};
        shift.signedOut();
        QVERIFY((shift == Shift{kMorning, true}));
        shift.signedIn(kMorning + 8h);
        QVERIFY((shift == Shift{kMorning + 8h, false}));
    }

    void oneOfALaterTimeIsNone()
    {
        Shift shift{kMorning + 72h, false}; // the clock was set back
        shift.signedIn(kMorning);
        QVERIFY((shift == Shift{kMorning, false}));
    }
};

QTEST_APPLESS_MAIN(WorkShiftTest)
#include "tst_work_shift.moc"

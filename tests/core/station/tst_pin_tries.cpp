#include "core/base/scan_code.h"
#include "core/station/pin_tries.h"
#include "tests/support/every_sequence.h"

#include <QTest>

using namespace enroll;
using namespace enroll::station;
using namespace std::chrono_literals;
using enrollment::OperatorId;

namespace {

using TimePoint = PinTries::TimePoint;

const OperatorId kAna{"ana"};
const OperatorId kBen{"ben"};
constexpr TimePoint kStart{1h};

bool enters(PinTries& tries, const OperatorId& person, TimePoint now)
{
    const auto begun = tries.begin(person, now);
    if (!begun.ok()) {
        [&] { QVERIFY(begun.error().code == ScanCode::PinLocked); }();
    }
    return begun.ok();
}

/// Somebody at the pad, and what should be known of her.
struct Pad {
    void enter()
    {
        const bool may = !until || *until <= now;
        QCOMPARE(enters(tries, kAna, now), may);
        if (may) {
            ++wrong;
            checking = true;
            until = wrong < 5 ? std::nullopt
                              : std::optional{now + std::min<std::chrono::seconds>(30s * (1 << (wrong - 5)), 15min)};
        }
    }
    void right()
    {
        if (std::exchange(checking, false)) {
            tries.right(kAna);
            wrong = 0;
            until.reset();
        }
    }
    void breaks()
    {
        if (std::exchange(checking, false)) {
            tries.takeBack(kAna);
            --wrong;
            until.reset();
        }
    }
    void wait(std::chrono::seconds time)
    {
        now += time;
        const bool over = until && *until <= now;
        QCOMPARE(tries.passTime(now), over);
        until = over ? std::nullopt : until;
    }
    /// Its clock begins anywhere.
    void restart(TimePoint at)
    {
        const auto left = until.value_or(now) - now;
        now = at;
        tries = PinTries{tries.kept(), now};
        checking = false;
        if (until) {
            until = tries.waitsUntil(kAna, now);
            QVERIFY(until && *until - now >= left);
        }
    }
    void check() const
    {
        QCOMPARE(tries.left(kAna), std::max(1, 5 - wrong));
        QVERIFY(tries.waitsUntil(kAna, now) == (until && *until > now ? until : std::nullopt));
        QVERIFY(tries.nextEnd() == until);
        QCOMPARE(tries.kept().size(), std::size_t{wrong > 0 ? 1U : 0U});
        QCOMPARE(tries.left(kBen), 5); // nobody else pays for it
        QVERIFY(!tries.waitsUntil(kBen, now));
        QVERIFY((PinTries{tries.kept(), now}.kept()) == tries.kept());
    }

    PinTries tries;
    TimePoint now = kStart;
    int wrong = 0;
    bool checking = false;
    std::optional<TimePoint> until;
};

/// One try away from a wait.
struct TiredPad : Pad {
    TiredPad()
    {
        for (int i = 0; i < 4; ++i) {
            enter();
        }
    }
};

} // namespace

class PinTriesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatEntersItCountsAndWhatItWaits()
    {
        test::doEverySequence(acts<Pad>(), 5);
        test::doEverySequence(acts<TiredPad>(), 5);
    }

    void waitsDoubleToAQuarterOfAnHour()
    {
        PinTries tries;
        auto now = kStart;
        for (int i = 0; i < 4; ++i) {
            QVERIFY(enters(tries, kAna, now));
            QVERIFY(!tries.waitsUntil(kAna, now));
        }
        for (const auto wait : {30s, 60s, 120s, 240s, 480s, 900s, 900s, 900s}) {
            QVERIFY(enters(tries, kAna, now));
            QVERIFY(tries.waitsUntil(kAna, now) == now + wait);
            QVERIFY(!enters(tries, kAna, now + wait - 1ms));
            QVERIFY(enters(tries, kBen, now));
            tries.right(kBen);
            now += wait;
        }
        QVERIFY(enters(tries, kAna, now));
        tries.right(kAna);
        QCOMPARE(tries.left(kAna), 5);
        QVERIFY(tries == PinTries{});
    }

    /// The clock of the next start has nothing to do with the one of before.
    void aWaitThatARestartCutBeginsAnew()
    {
        PinTries tries;
        for (int i = 0; i < 5; ++i) {
            QVERIFY(enters(tries, kAna, kStart));
        }
        QVERIFY(!tries.passTime(kStart + 29s));
        for (const auto again : {TimePoint{}, kStart - 30min, kStart + 29s, kStart + 24h}) {
            const PinTries after{tries.kept(), again};
            QVERIFY(after.waitsUntil(kAna, again) == again + 30s);
            QCOMPARE(after.left(kAna), 1);
        }
        QVERIFY(tries.passTime(kStart + 30s));
        QVERIFY(!(PinTries{tries.kept(), kStart}.waitsUntil(kAna, kStart))); // it was over
        QVERIFY(!tries.passTime(kStart + 30s));
    }

    void noNumberInAFileMakesAWaitLongerThanTheLongest()
    {
        const PinTries tries{{{kAna, 2'000'000'000, true}, {kBen, -5, true}}, kStart};
        QVERIFY(tries.waitsUntil(kAna, kStart) == kStart + 15min);
        QVERIFY(tries.waitsUntil(kBen, kStart) == kStart + 30s);
    }

private:
    template <class Line>
    static std::vector<std::function<void(Line&)>> acts()
    {
        return {
            [](Line& pad) { pad.enter(); },     [](Line& pad) { pad.right(); },
            [](Line& pad) { pad.breaks(); },    [](Line& pad) { pad.wait(29s); },
            [](Line& pad) { pad.wait(1s); },    [](Line& pad) { pad.wait(15min); },
            [](Line& pad) { pad.restart({}); }, [](Line& pad) { pad.restart(pad.now + 24h); },
        };
    }
};

QTEST_APPLESS_MAIN(PinTriesTest)
#include "tst_pin_tries.moc"

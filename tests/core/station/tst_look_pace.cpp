#include "core/station/look_pace.h"
#include "core/station/slot_devices.h"

#include <QTest>

using namespace enroll;
using namespace enroll::station;
using namespace std::chrono_literals;
using enrollment::SlotNumber;

namespace {

constexpr SlotNumber kSlot{3};
constexpr LookPace::Time kStart{1h};

/// How many of a minute's looks, one a second, ask a slot that always answers \p found.
int askedInAMinute(LookPace pace, std::optional<bool> found)
{
    int asked = 0;
    for (auto now = kStart; now < kStart + 60s; now += 1s) {
        if (pace.at(kSlot, now) == LookAt::Ask) {
            pace.answered(kSlot, found, now);
            ++asked;
        }
    }
    return asked;
}

} // namespace

class LookPaceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aDeviceIsAskedOnceASecond()
    {
        LookPace pace;
        QVERIFY(pace.at(kSlot, kStart) == LookAt::Ask);
        pace.answered(kSlot, true, kStart);
        QVERIFY(pace.at(kSlot, kStart + 999ms) == LookAt::StillThere);
        pace.scanned(); // the look after a scan comes at once
        QVERIFY(pace.at(kSlot, kStart + 999ms) == LookAt::StillThere);
        QVERIFY(pace.at(kSlot, kStart + 1s) == LookAt::Ask);
        QCOMPARE(askedInAMinute({}, true), 60);
    }

    void whatIsPluggedInOrOutIsAskedForAtOnce()
    {
        LookPace pace;
        pace.answered(kSlot, true, kStart);
        pace.plugged();
        QVERIFY(pace.at(kSlot, kStart + 1ms) == LookAt::Ask);
        pace.answered(kSlot, true, kStart + 1ms);
        QVERIFY(pace.at(kSlot, kStart + 2ms) == LookAt::StillThere); // the second look is for a device that is gone
        for (int i = 0; i < 9; ++i) {
            pace.answered(kSlot, false, kStart);
        }
        QVERIFY(pace.at(kSlot, kStart + 1ms) == LookAt::Leave);
        pace.plugged();
        QVERIFY(pace.at(kSlot, kStart + 1ms) == LookAt::Ask);
    }

    void aSlotWithoutADeviceIsAskedMoreSeldom_data()
    {
        QTest::addColumn<std::optional<bool>>("found");
        QTest::newRow("empty") << std::optional{false};
        QTest::newRow("not certain") << std::optional<bool>{};
    }
    void aSlotWithoutADeviceIsAskedMoreSeldom()
    {
        QFETCH(std::optional<bool>, found);
        const auto asked = askedInAMinute({}, found);
        QVERIFY(asked >= 15);
        QVERIFY(asked <= 18);
    }

    void whatIsNeverCertainIsUnclearWithinSeconds()
    {
        LookPace pace;
        auto now = kStart;
        for (int i = 0; i < 10; ++i) { // after it was empty for long
            pace.answered(kSlot, false, now);
        }
        const auto ask = [&](std::optional<bool> found) {
            while (pace.at(kSlot, now) != LookAt::Ask) {
                now += 1s;
            }
            pace.answered(kSlot, found, now);
            now += 1s;
        };
        while (!pace.isUnclear(kSlot)) {
            ask({});
            QVERIFY(now < kStart + 15s);
        }
        QVERIFY(now > kStart + 3s); // a device that starts is not
        for (const bool found : {true, false}) {
            auto answered = pace;
            answered.answered(kSlot, found, now);
            QVERIFY(!answered.isUnclear(kSlot));
        }
        auto used = pace;
        used.forget(kSlot);
        QVERIFY(!used.isUnclear(kSlot));
        pace.scanned();
        QVERIFY(pace.isUnclear(kSlot));
        QVERIFY(!pace.isUnclear({4}));
    }

    /// A device is gone when two looks in a row miss it.
    void theLookAfterAMissAsksAgain()
    {
        LookPace pace;
        pace.answered(kSlot, true, kStart);
        pace.answered(kSlot, false, kStart + 1s);
        QVERIFY(pace.at(kSlot, kStart + 1s) == LookAt::Ask);
    }

    void anEmptySlotIsAskedInEachLookWhileASerialWaits()
    {
        LookPace pace;
        pace.expect(true);
        QCOMPARE(askedInAMinute(pace, false), 60);
        QVERIFY(askedInAMinute(pace, std::nullopt) < 20); // it decides nothing
        pace.expect(false);
        QVERIFY(askedInAMinute(pace, false) < 20);
    }

    void anEmptySlotIsAskedInEachLookWhileItsDeviceIsDoubted()
    {
        LookPace pace;
        pace.doubt(std::set{kSlot});
        QCOMPARE(askedInAMinute(pace, false), 60);
        QVERIFY(askedInAMinute(pace, std::nullopt) < 20); // it decides nothing
        pace.doubt(std::set{SlotNumber{4}});
        QVERIFY(askedInAMinute(pace, false) < 20);
    }

    /// A pause must not make it longer: people are told of five seconds.
    void aDoubtEndsWhenItsSecondsAreOver_data()
    {
        QTest::addColumn<int>("emptyBefore");
        QTest::newRow("its device was just taken out") << 0;
        QTest::newRow("it was empty for long") << 20;
    }
    void aDoubtEndsWhenItsSecondsAreOver()
    {
        QFETCH(int, emptyBefore);
        LookPace pace;
        SlotDevices devices;
        const SlotStates states{{kSlot, SlotEmpty{}}};
        auto now = kStart;
        const auto look = [&](bool present) {
            Look seen{{}, true, now};
            if (pace.at(kSlot, now) == LookAt::Ask) {
                pace.answered(kSlot, present, now);
                seen.found.emplace(kSlot, present);
            }
            devices.take(seen, states);
            pace.doubt(devices.doubted(kSlot) ? std::set{kSlot} : std::set<SlotNumber>{});
            now += 1s;
        };
        look(true);
        for (int i = 0; i < emptyBefore; ++i) {
            look(false);
        }
        devices.doubt(kSlot);
        if (emptyBefore == 0) {
            look(true);
        }
        const auto empty = now;
        while (devices.doubted(kSlot) && now < empty + 60s) {
            look(false);
        }
        const auto most = SlotDevices::kGone + 1s; // the first look at the empty slot counts no time
        QVERIFY(now - empty >= SlotDevices::kGone);
        QVERIFY(now - empty <= (emptyBefore == 0 ? most : most + 1s)); // a pause may have begun before
    }

    void aScanAndARunEndThePause()
    {
        LookPace pace;
        for (int i = 0; i < 10; ++i) {
            pace.answered(kSlot, std::nullopt, kStart);
        }
        QVERIFY(pace.at(kSlot, kStart + 1s) == LookAt::Leave);
        auto scanned = pace;
        scanned.scanned();
        QVERIFY(scanned.at(kSlot, kStart + 1s) == LookAt::Ask);
        pace.forget(kSlot);
        QVERIFY(pace.at(kSlot, kStart + 1s) == LookAt::Ask);
    }
};

QTEST_APPLESS_MAIN(LookPaceTest)
#include "tst_look_pace.moc"

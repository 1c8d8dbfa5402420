#include "tests/core/station/announced_line.h"

#include <QTest>

using namespace enroll;
using namespace enroll::station;
using enrollment::SlotNumber;
using enrollment::StartRule;
using test::Brief;
using test::briefly;
using test::codeOf;
using test::serial;
using What = SlotNews::What;
using Line = test::AnnouncedLine;

/// By the rule "device-serial", what a device says is not enough where the station knows better: nothing is bound, and no
/// test starts, before its label was scanned.
class tst_announced_doubts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// One of the two is not what it says, and comes alone: out of both slots for long, and after the test of the other.
    void serialThatTwoSaidNeedsItsLabelFromThenOn()
    {
        Line line{StartRule::Present};
        line.put(1, 7);
        line.put(2, 7);
        QCOMPARE(briefly(line.look()), (Brief{{What::SaidTwice, 1}, {What::SaidTwice, 2}}));
        line.takeOut(1);
        line.takeOut(2);
        line.lookLong();
        line.put(1, 7);
        QCOMPARE(briefly(line.look()), (Brief{{What::Unconfirmed, 1}}));
        line.look();
        QVERIFY(!line.waitsIn(1) && line.board.unnamed({1}) && line.board.due(line.now).empty());
        QCOMPARE(codeOf(line.scan(8)), QStringLiteral("B-631")); // the label of the one that says it wrongly
        QVERIFY(line.scan(7).ok());
        line.run(1);
        line.look();
        line.takeOut(1);
        line.lookLong();
        line.put(1, 8);
        QCOMPARE(briefly(line.look()), (Brief{{What::Bound, 1}})); // nobody disputes this one
        line.put(2, 7);
        QCOMPARE(briefly(line.look()), (Brief{{What::Unconfirmed, 2}}));
        QVERIFY(!line.waitsIn(2));
    }

    void stoppedTestOfASerialThatTwoSayStartsAgainByItsLabelAlone()
    {
        Line line;
        line.put(1, 7);
        line.look();
        line.board.apply({1}, RunStarted{});
        line.put(2, 7);
        line.look();
        line.board.apply({1}, StopAsked{});
        line.takeOut(2);
        line.abort(1);
        line.look();
        QVERIFY(line.board.saidIn({1}) == serial(7) && !line.board.startsAgain({1}));
    }

    /// Its slot waits for a scan before the next look, and that look tells what was told already.
    void serialThatIsSaidTwiceStillLosesItsSlotAgain()
    {
        Line line;
        line.put(2, 7);
        line.look();
        line.board.apply({2}, RunStarted{});
        line.put(1, 7);
        QCOMPARE(briefly(line.look()), (Brief{{What::SaidTwice, 1}}));
        line.abort(2);
        QVERIFY(line.scan(7, 1).ok() && line.waitsIn(1) == serial(7));
        QCOMPARE(briefly(line.look()), (Brief{{What::SaidTwice, 1}}));
        QVERIFY(!line.waitsIn(1));
    }

    void failedDeviceThatStartsAnewIsNotTestedBecauseItsResultIsCleared()
    {
        Line line{StartRule::Present};
        line.put(1, 7);
        line.look();
        line.run(1, Outcome::Fail);
        line.look();
        line.takeOut(1);
        line.lookLong();
        line.put(1, 7);
        line.look();
        QVERIFY(line.board.acknowledge({1}).value());
        line.look();
        line.look();
        QVERIFY(!line.waitsIn(1) && line.board.due(line.now).empty());
        QVERIFY(line.scan(7).ok());
    }

    void stoppedTestGivesWayToTheLabelOfAnotherDevice()
    {
        Line line;
        line.put(1, 7);
        line.look();
        line.board.apply({1}, RunStarted{});
        line.abort(1);
        line.put(1, 8);
        QCOMPARE(briefly(line.look()), (Brief{{What::Unconfirmed, 1}}));
        QVERIFY(!line.board.asksForChoice({1}));
        QVERIFY(line.scan(8).ok() && line.waitsIn(1) == serial(8));
    }

    /// Else it would leave no room for any other sentence.
    void deviceThatSaysAnotherInEveryLookIsToldOfOnce()
    {
        Line line;
        line.put(1, 7);
        line.look();
        line.put(1, 8);
        line.look();
        line.put(1, 9);
        QCOMPARE(briefly(line.look()), (Brief{{What::Unconfirmed, 1}}));
        line.putSilent(1);
        QCOMPARE(briefly(line.look()), (Brief{{What::Silent, 1}}));
        for (int number = 10; number < 20; ++number) {
            line.put(1, number);
            QVERIFY(line.look().empty() && line.board.saidIn({1}) == serial(number));
            line.putSilent(1);
            QVERIFY(line.look().empty() && line.board.unnamed({1}));
        }
        line.takeOut(1);
        line.lookLong();
        line.putSilent(1);
        QCOMPARE(briefly(line.look()), (Brief{{What::Silent, 1}})); // that is another one
    }

    void serialWhoseResultIsElsewhereWaitsForItsLabel()
    {
        Line line{StartRule::Present};
        line.put(1, 7);
        line.look();
        line.run(1, Outcome::Fail);
        line.look();
        line.takeOut(1);
        line.look();
        line.look();
        line.put(2, 7);
        QVERIFY((line.look() == std::vector{SlotNews{What::HasResult, {2}, serial(7), SlotNumber{1}}}));
        QVERIFY(!line.waitsIn(2));
        QVERIFY(line.board.asksForChoice({2}));
        QCOMPARE(codeOf(line.scan(7)), QStringLiteral("B-605"));
        line.lookLong(); // the device of that result is out, and nobody asked for another test
        QVERIFY(!line.waitsIn(2) && line.board.unnamed({2}) && line.board.due(line.now).empty());
        QVERIFY(!line.board.asksForChoice({2}));
        QVERIFY(line.scan(7).ok() && line.waitsIn(2) == serial(7));
    }

    /// The one that was tested is out, and the other one says the same: as long as the first may still be in, its slot's label
    /// is asked for, and however often its own is scanned, that is no answer.
    void twoOfWhichOneWasTestedNeedWhatIsAskedFor()
    {
        Line line{StartRule::Present};
        line.put(1, 7);
        line.look();
        line.run(1);
        line.look();
        line.put(2, 7);
        QCOMPARE(briefly(line.look()), (Brief{{What::SaidTwice, 2}}));
        QVERIFY(line.board.contested({2}) && !line.board.asksForChoice({2}));
        for (const auto chosen : {std::optional<int>{}, std::optional{2}}) {
            QCOMPARE(codeOf(line.scan(7, chosen)), QStringLiteral("B-633"));
        }
        line.takeOut(1);
        QCOMPARE(briefly(line.look()), (Brief{{What::HasResult, 2}}));
        for (int round = 0; round < 3; ++round) {
            QVERIFY(!line.board.contested({2}) && line.board.asksForChoice({2}));
            QCOMPARE(codeOf(line.scan(7)), QStringLiteral("B-605"));
            QVERIFY(line.look().empty() && line.board.due(line.now).empty());
        }
        auto other = line;
        QVERIFY(other.scan(7, 2).ok() && other.waitsIn(2) == serial(7));
        while (line.board.doubted({1})) { // the end is told, and its own label is enough from then on
            QVERIFY(line.board.asksForChoice({2}));
            const auto news = briefly(line.look());
            QCOMPARE(news, line.board.doubted({1}) ? Brief{} : (Brief{{What::Unconfirmed, 2}}));
        }
        QVERIFY(!line.board.asksForChoice({2}) && line.scan(7).ok() && line.waitsIn(2) == serial(7));
    }

    /// Two slots show it, and the device of the first is out for certain.
    void ofTwoResultsTheOneWhoseDeviceIsInCounts()
    {
        for (const auto outcome : {Outcome::Pass, Outcome::Hold}) {
            Line line;
            line.put(1, 7);
            line.look();
            line.run(1);
            line.look();
            line.takeOut(1);
            line.put(2, 7);
            line.look();
            QVERIFY(line.scan(7, 2).ok());
            line.run(2, outcome);
            line.lookLong();
            QVERIFY(!line.board.doubted({1}) && line.board.doubted({2}));
            QVERIFY(line.board.asksForChoice({2}));
            QCOMPARE(codeOf(line.scan(7)), QStringLiteral("B-605"));
            QVERIFY(line.scan(7, 2).ok());
        }
    }

    void serialThatIsTestedElsewhereIsTakenByNoScan()
    {
        Line line;
        line.put(1, 7);
        line.look();
        line.board.apply({1}, RunStarted{});
        line.put(2, 7);
        line.look();
        QVERIFY(line.board.contested({2}));
        for (const auto chosen : {std::optional<int>{}, std::optional{2}}) {
            QCOMPARE(codeOf(line.scan(7, chosen)), QStringLiteral("B-602"));
        }
        line.takeOut(2);
        line.look();
        QVERIFY(!line.board.contested({2}));
    }

    /// Nobody saw who put it in, and an empty slot is not looked at in every look.
    void whatCameWhileTheStationWasLockedIsAskedForAfterwards()
    {
        for (const bool isSeenLocked : {false, true}) { // or the session was unlocked before any look
            Line line{StartRule::Present};
            line.put(1, 7);
            line.look();
            line.board.leaveAlone();
            if (isSeenLocked) {
                line.look(Hearing::Doubts);
            }
            line.put(2, 8);
            QCOMPARE(briefly(line.look()), (Brief{{What::Unconfirmed, 2}}));
            QVERIFY(line.waitsIn(1) == serial(7)); // that was in before
            line.lookLong();
            QVERIFY(!line.waitsIn(2) && line.board.unnamed({2}));
            QVERIFY(line.scan(8).ok() && line.waitsIn(2) == serial(8));
        }
    }

    /// A look that began before somebody came, or that left a slot out, does not say what came since.
    void onlyALookAfterTheUnlockEndsThat()
    {
        Line line;
        line.board.leaveAlone();
        const std::map<SlotNumber, bool> empty{{{1}, false}, {{2}, false}};
        line.board.look({empty, false, line.now});
        line.put(1, 7);
        QCOMPARE(briefly(line.look()), (Brief{{What::Unconfirmed, 1}}));
        line.board.leaveAlone();
        line.board.look({{{{1}, true}}, true, line.now, {{{1}, serial(7)}}}); // slot 2 was not asked
        line.put(2, 8);
        QCOMPARE(briefly(line.look()), (Brief{{What::Unconfirmed, 2}}));
    }

    void whatComesAfterTheFirstLookIsBoundAgain()
    {
        Line line;
        for (int round = 0; round < 2; ++round) {
            line.board.leaveAlone();
            line.look(Hearing::Doubts);
            line.look(); // somebody is there again, and both slots are empty
            line.put(1, 7);
            QCOMPARE(briefly(line.look()), (Brief{{What::Bound, 1}}));
            line.takeOut(1);
            line.lookLong();
        }
    }

    /// One look missed the exchange, so that no device came as far as it knows.
    void whatSaysAnotherSerialAfterALockIsAskedFor()
    {
        Line line;
        line.put(1, 7);
        line.putSilent(2);
        line.look(Hearing::Waits); // no work order yet
        line.board.leaveAlone();
        line.put(1, 8);
        line.put(2, 9);
        line.look();
        QVERIFY(!line.waitsIn(1) && !line.waitsIn(2) && line.board.unnamed({1}) && line.board.unnamed({2}));
        QVERIFY(line.scan(8).ok() && line.scan(9).ok());
    }
};

QTEST_APPLESS_MAIN(tst_announced_doubts)
#include "tst_announced_doubts.moc"

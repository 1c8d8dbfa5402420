#include "core/base/device_code.h"
#include "core/base/scan_code.h"
#include "tests/core/station/announced_line.h"

#include <QTest>

using namespace enroll;
using namespace enroll::station;
using enrollment::SlotNumber;
using enrollment::StartRule;
using test::serial;
using What = SlotNews::What;
using test::Brief;
using test::briefly;
using test::codeOf;
using Line = test::AnnouncedLine;

/// By the rule "device-serial", a serial number goes to the slot whose device says it.
class tst_announced_serials : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void deviceThatSaysItsSerialHasItsSlot()
    {
        Line line;
        line.put(2, 7);
        const auto news = line.look();
        QVERIFY((news == std::vector{SlotNews{What::Bound, {2}, serial(7)}}));
        QVERIFY(line.waitsIn(2) == serial(7));
        QVERIFY(line.look().empty()); // said once
    }

    void startRuleDecidesWhatComesNext()
    {
        Line present{StartRule::Present};
        present.put(1, 7);
        present.look();
        QCOMPARE(present.board.due(present.now).size(), std::size_t{1});

        Line key{StartRule::Key};
        key.put(1, 7);
        key.look();
        QVERIFY(key.board.due(key.now).empty() && key.scan(7).ok() && key.board.due(key.now).empty());
        QVERIFY(key.board.startOf({1}) == StartBy::Key);

        Line scan{StartRule::Scan};
        scan.put(1, 7);
        scan.look();
        QVERIFY(scan.board.due(scan.now).empty());
        QVERIFY(scan.board.startOf({1}) == StartBy::Label);
        QVERIFY(scan.board.late(scan.now + std::chrono::hours{1}).empty()); // nobody scanned it, and nobody is late
        QVERIFY(scan.scan(7).ok());
        QCOMPARE(scan.board.due(scan.now).size(), std::size_t{1});
    }

    void scanOfWhatADeviceSaysChangesNothingElse()
    {
        Line line;
        line.put(1, 7);
        line.look();
        const auto bound = line.scan(7);
        QVERIFY(bound.ok() && bound->slot == SlotNumber{1} && !bound->gaveWay);
        QVERIFY(line.waitsIn(1) == serial(7));
        QVERIFY(line.look().empty());
    }

    void scanOfWhatNobodySaysIsRefused()
    {
        Line line;
        QCOMPARE(codeOf(line.scan(7)), QStringLiteral("B-631"));
        line.put(1, 8);
        line.look();
        QCOMPARE(codeOf(line.scan(7)), QStringLiteral("B-631"));
        QCOMPARE(codeOf(line.scan(7, 2)), QStringLiteral("B-631")); // nor in a slot that is empty
        line.putSilent(2);
        line.look();
        QCOMPARE(codeOf(line.scan(7, 2)), QStringLiteral("B-631"));
        QVERIFY(!line.board.inHand());
        QVERIFY(line.waitsIn(1) == serial(8) && !line.waitsIn(2));
    }

    void scanForASlotWhoseDeviceSaysAnotherNamesBoth()
    {
        Line line;
        line.put(1, 8);
        line.put(2, 7);
        line.look();
        const auto bound = line.scan(7, 1);
        QCOMPARE(codeOf(bound), QStringLiteral("B-632"));
        QCOMPARE(bound.error().subject, std::string{"GX-8"});
        QVERIFY(bound.error().what.find("GX-7") != std::string::npos);
        QVERIFY(line.waitsIn(1) == serial(8) && line.waitsIn(2) == serial(7));
        QVERIFY(line.board.due(line.now).empty());
    }

    void serialOfAnotherSlotIsRefusedForAnEmptyOne()
    {
        Line line;
        line.put(1, 7);
        line.look();
        QCOMPARE(codeOf(line.scan(7, 2)), QStringLiteral("B-602"));
    }

    void serialSaidTwiceHasNoSlot()
    {
        Line line;
        line.put(1, 7);
        line.look();
        line.put(2, 7);
        const auto news = line.look();
        QVERIFY((news == std::vector{SlotNews{What::SaidTwice, {1}, serial(7), SlotNumber{2}},
                                     SlotNews{What::SaidTwice, {2}, serial(7), SlotNumber{1}}}));
        QVERIFY(!line.waitsIn(1) && !line.waitsIn(2));
        QCOMPARE(codeOf(line.scan(7)), QStringLiteral("B-633"));
        QVERIFY(line.look().empty());
        // One alone says it now. Which of the two it is, its label says.
        line.takeOut(2);
        line.lookLong();
        QVERIFY(!line.waitsIn(1));
        QVERIFY(line.board.unnamed({1}));
        QVERIFY(line.scan(7).ok() && line.waitsIn(1) == serial(7));
    }

    void deviceThatMovesIsNotTwo()
    {
        Line line;
        line.put(1, 7);
        line.look();
        line.run(1);
        line.look();
        line.takeOut(1);
        line.lookLong();
        line.put(1, 8); // never bound: it is gone before the look
        line.takeOut(1);
        line.put(2, 7);
        QCOMPARE(briefly(line.look()), (Brief{{What::Unconfirmed, 2}}));
        line.put(1, 8);
        line.look(); // takes the slot of the result, and nobody scanned the label of the one that was asked about
        line.look();
        QVERIFY(!line.waitsIn(2) && line.waitsIn(1) == serial(8));
        QVERIFY(line.scan(7).ok() && line.waitsIn(2) == serial(7));
    }

    void serialThatIsTestedIsNotBoundElsewhere()
    {
        Line line;
        line.put(1, 7);
        line.look();
        line.board.apply({1}, RunStarted{});
        line.put(2, 7);
        QVERIFY((line.look() == std::vector{SlotNews{What::SaidTwice, {2}, serial(7), SlotNumber{1}}}));
        QVERIFY(!line.waitsIn(2));
    }

    void changedSayingTakesTheSlotAway()
    {
        Line line{StartRule::Scan};
        line.put(1, 7);
        line.look();
        line.put(1, 8);
        QVERIFY((line.look() == std::vector{SlotNews{What::Changed, {1}, serial(7), {}, serial(8)}}));
        QVERIFY(!line.waitsIn(1) && line.board.unnamed({1}));
        QVERIFY(!line.look().empty()); // that its label is asked for
        QVERIFY(line.look().empty() && !line.waitsIn(1));
        QCOMPARE(codeOf(line.scan(7)), QStringLiteral("B-631"));
        QVERIFY(line.scan(8).ok() && line.waitsIn(1) == serial(8));
        line.putSilent(1);
        QVERIFY((line.look() == std::vector{SlotNews{What::Changed, {1}, serial(8), {}, {}}}));
        QVERIFY(!line.waitsIn(1));
    }

    void silentDeviceIsAskedAboutAndNeverTested()
    {
        Line line{StartRule::Present};
        line.putSilent(1);
        QCOMPARE(briefly(line.look()), (Brief{{What::Silent, 1}}));
        QVERIFY(line.board.unnamed({1}));
        QVERIFY(line.look().empty());
        QCOMPARE(codeOf(line.scan(7, 1)), QStringLiteral("B-631"));
        line.put(1, 7); // its agent is up
        QCOMPARE(briefly(line.look()), (Brief{{What::Bound, 1}}));
        QVERIFY(!line.board.unnamed({1}));
    }

    void whatIsNoSerialOfTheProductIsKeptToBeShown()
    {
        Line line;
        line.putUnfit(1, "RX-1");
        QCOMPARE(briefly(line.look()), (Brief{{What::Silent, 1}}));
        QVERIFY(line.board.unfitIn({1}) == "RX-1" && !line.board.saidIn({1}) && line.board.unfitIn({2}).empty());
        QCOMPARE(codeOf(line.scan(7, 1)), QStringLiteral("B-631"));
        line.putUnfit(1, "RX-2");
        QVERIFY(line.look().empty() && line.board.unfitIn({1}) == "RX-2"); // told once
        line.put(1, 7);
        QCOMPARE(briefly(line.look()), (Brief{{What::Bound, 1}}));
        QVERIFY(line.board.unfitIn({1}).empty());
        line.putUnfit(2, "RX-1");
        line.look();
        line.takeOut(2);
        line.look();
        QVERIFY(line.board.unfitIn({2}).empty());
    }

    void deviceThatNeverAnswersIsToldOfOnceEachTime()
    {
        Line line;
        line.put(1, 7);
        line.look();
        for (int round = 0; round < 2; ++round) {
            line.stall(2);
            QCOMPARE(briefly(line.look()), (Brief{{What::Unclear, 2}}));
            QVERIFY(line.board.unclear({2}) && !line.board.unclear({1}) && line.look().empty());
            line.stall(2, false);
            QVERIFY(line.look().empty() && !line.board.unclear({2}));
        }
        line.stall(1); // what it said before stands, as where nothing is certain
        QCOMPARE(briefly(line.look()), (Brief{{What::Unclear, 1}}));
        QVERIFY(line.waitsIn(1) == serial(7));
        line.board.apply({1}, RunStarted{});
        QVERIFY(!line.board.unclear({1})); // its test tells more
        QVERIFY(line.look().empty() && !line.board.unclear({1}));
    }

    void deviceThatLeavesBeforeItsTestHasNoSlot()
    {
        Line line;
        line.put(1, 7);
        line.look();
        line.takeOut(1);
        QCOMPARE(briefly(line.look()), (Brief{{What::Dropped, 1}}));
        QVERIFY(!line.waitsIn(1) && line.look().empty());
        line.put(1, 7); // it says who it is
        QCOMPARE(briefly(line.look()), (Brief{{What::Bound, 1}}));
        line.takeOut(1);
        line.put(2, 7); // between two looks
        QCOMPARE(briefly(line.look()), (Brief{{What::Dropped, 1}}));
        QCOMPARE(briefly(line.look()), (Brief{{What::Bound, 2}}));
    }

    void testedDeviceIsNotTestedAgainWhileItStays_data()
    {
        QTest::addColumn<int>("outcome");
        for (const auto outcome : kAllOutcomes) {
            QTest::newRow(std::string{outcomeText(outcome)}.c_str()) << static_cast<int>(outcome);
        }
    }
    void testedDeviceIsNotTestedAgainWhileItStays()
    {
        QFETCH(int, outcome);
        Line line{StartRule::Present};
        line.put(1, 7);
        line.look();
        line.run(1, static_cast<Outcome>(outcome));
        line.lookLong();
        QVERIFY(!line.waitsIn(1) && line.board.due(line.now).empty());
        line.takeOut(1); // for a moment: a device that starts anew
        line.look();
        line.look();
        line.put(1, 7);
        line.lookLong();
        QVERIFY(!line.waitsIn(1));
        QVERIFY(line.board.asksForChoice({1}));
        QCOMPARE(codeOf(line.scan(7)), QStringLiteral("B-605"));
        line.takeOut(1); // or for long: a switch is out
        line.lookLong();
        line.put(1, 7);
        QCOMPARE(briefly(line.look()), (Brief{{What::Unconfirmed, 1}}));
        line.lookLong();
        QVERIFY(!line.waitsIn(1) && line.board.due(line.now).empty());
        QVERIFY(line.scan(7, 1).ok()); // somebody wants it
    }

    void resultOfADeviceThatIsOutGivesWayIfItPassed()
    {
        for (const auto outcome : {Outcome::Pass, Outcome::Fail, Outcome::Hold, Outcome::StationFault}) {
            Line line;
            line.put(1, 7);
            line.look();
            line.run(1, outcome);
            line.look();
            line.takeOut(1);
            line.lookLong();
            line.put(1, 8);
            const auto news = briefly(line.look());
            if (outcome == Outcome::Pass) {
                QCOMPARE(news, (Brief{{What::Bound, 1}}));
                continue;
            }
            QCOMPARE(news, (Brief{{What::Unconfirmed, 1}}));
            QVERIFY(line.board.acknowledge({1}).ok());
            line.look();
            QVERIFY(!line.waitsIn(1) && line.board.unnamed({1})); // who clears a result asks for no test
            QVERIFY(line.scan(8).ok());
        }
    }

    void deviceThatIsExchangedFastIsAskedFor()
    {
        Line line;
        line.put(1, 7);
        line.look();
        line.run(1);
        line.look();
        line.put(1, 8);
        QCOMPARE(briefly(line.look()), (Brief{{What::Unconfirmed, 1}}));
        QVERIFY(!line.waitsIn(1) && line.board.unnamed({1}));
        QVERIFY(line.scan(8).ok() && line.waitsIn(1) == serial(8)); // a PASS gives way to it
        line.run(1, Outcome::Fail);
        line.look();
        line.put(1, 9);
        line.look();
        QVERIFY(line.board.asksForChoice({1}));
        QCOMPARE(codeOf(line.scan(9)), QStringLiteral("B-634")); // a FAIL does not
        QVERIFY(line.scan(9, 1).ok());
        QVERIFY(!line.board.asksForChoice({1}));
    }

    void serialWhoseResultIsElsewhereIsTakenForAChosenSlot()
    {
        Line line;
        line.put(1, 7);
        line.look();
        line.run(1, Outcome::Fail);
        line.takeOut(1);
        line.look();
        line.look();
        line.put(2, 7);
        line.look();
        QVERIFY(line.scan(7, 2).ok() && line.waitsIn(2) == serial(7));
    }

    void whatSomebodyTookBackWaitsForItsLabel()
    {
        Line line{StartRule::Present};
        line.put(1, 7);
        line.look();
        QVERIFY(line.board.takeBack({1}) == serial(7));
        QCOMPARE(briefly(line.look()), (Brief{{What::Unconfirmed, 1}}));
        QVERIFY(!line.waitsIn(1));
        QVERIFY(line.scan(7).ok());
        QCOMPARE(line.board.due(line.now).size(), std::size_t{1}); // the label says the same as the device
    }

    void deviceThatWasInAtTheStartIsAskedFor()
    {
        Line line;
        line.board = SlotBoard{{{1}, {2}}, enrollment::PairingRule::DeviceSerial, SelfStart{StartRule::Present}};
        line.put(1, 7);
        QCOMPARE(briefly(line.look()), (Brief{{What::Unconfirmed, 1}}));
        QVERIFY(line.scan(7).ok());
        QCOMPARE(line.board.due(line.now).size(), std::size_t{1});
    }

    void nothingIsBoundWhileTheStationTakesNothing()
    {
        Line line{StartRule::Present};
        line.put(1, 7);
        QVERIFY(line.look(Hearing::Waits).empty());
        QVERIFY(!line.waitsIn(1) && !line.board.unnamed({1}));
        QCOMPARE(briefly(line.look()), (Brief{{What::Bound, 1}}));
        line.put(2, 8);
        line.look(Hearing::Doubts); // nobody who is known put it in
        QVERIFY(!line.waitsIn(2));
        line.look();
        QVERIFY(!line.waitsIn(2) && line.board.unnamed({2}));
        QVERIFY(line.scan(8).ok());
    }

    void otherScansMakeNoDeviceDoubtful()
    {
        Line line{StartRule::Present};
        line.put(1, 7);
        line.look(Hearing::Waits);
        line.board.scanRefused();
        QVERIFY(!line.scan(99).ok());
        QCOMPARE(briefly(line.look()), (Brief{{What::Bound, 1}}));
    }

    void stoppedTestStartsAgainForTheSameDeviceAlone()
    {
        Line line;
        line.put(1, 7);
        line.look();
        line.board.apply({1}, RunStarted{});
        line.board.apply({1}, StopAsked{});
        line.abort(1);
        QVERIFY(!line.board.startsAgain({1})); // nobody heard since who is in
        line.look();
        QVERIFY(line.board.startsAgain({1}));
        line.put(1, 8);
        line.look();
        QVERIFY(!line.board.startsAgain({1}));
    }

    /// A look of which one slot is left out, because nothing is certain there.
    void whatIsNotCertainChangesNothing()
    {
        Line line;
        line.put(1, 7);
        line.look();
        QVERIFY(line.board.look({{}, true, line.now}).empty());
        QVERIFY(line.waitsIn(1) == serial(7));
        line.inside[1].reset();
        QVERIFY(line.board.look({{{{1}, true}}, true, line.now, {{{1}, serial(7)}}}).empty());
    }
};

QTEST_APPLESS_MAIN(tst_announced_serials)
#include "tst_announced_serials.moc"

#include "core/base/scan_code.h"
#include "tests/core/station/announced_line.h"
#include "ui/run/announced_messages.h"
#include "ui/run/scan_messages.h"

using namespace enroll;
using namespace enroll::ui;
using enrollment::SlotNumber;
using station::SlotNews;
using test::AnnouncedLine;
using test::serial;

/// What the scan bar asks for where devices say their serial numbers is what is taken.
class AnnouncedMessagesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// What was asked is answered at once in other words, and each ends with what it asks for.
    void theLabelAloneIsRefusedInWordsOfItsOwn()
    {
        AnnouncedLine line;
        line.put(1, 7);
        line.look();
        line.run(1);
        line.put(2, 7);
        line.look();
        const auto twice = newsMessage({SlotNews::What::SaidTwice, {2}, serial(7), SlotNumber{1}}, line.board);
        QVERIFY(twice.code == ScanCode::TwoDevicesSaySerial && !isOutdated(twice, line.board));
        line.takeOut(1);
        const auto news = line.look();
        QCOMPARE(news.size(), std::size_t{1});
        QVERIFY(isOutdated(twice, line.board));
        const auto asks = newsMessage(news.front(), line.board);
        const auto refused = line.scan(7);
        const auto answer = refusalMessage(refused.error(), line.board, QStringLiteral("GX-7"));
        QVERIFY(answer.news == ScanNews::Refused && answer.headline != asks.headline && answer.next != asks.next);
        QVERIFY2(answer.next.contains(QLatin1String("slot 2")), qPrintable(answer.next));
        line.look();
        QVERIFY(!isOutdated(asks, line.board) && !isOutdated(answer, line.board));
        line.lookLong(); // the one that was tested is out for certain
        QVERIFY(isOutdated(asks, line.board) && isOutdated(answer, line.board));
        QVERIFY(whoItSays({2}, line.board).next != asks.next && line.scan(7).ok());
    }

    void aDeviceThatALookMissedIsNotSaidToBeSilent()
    {
        AnnouncedLine line;
        line.put(1, 7);
        line.look();
        line.board.takeBack({1});
        line.look();
        const auto asks = whoItSays({1}, line.board);
        line.takeOut(1);
        line.look();
        QVERIFY(!isOutdated(asks, line.board));
        line.look();
        QVERIFY(isOutdated(asks, line.board)); // it is out
        line.putSilent(1);
        line.look();
        QVERIFY(whoItSays({1}, line.board).next != asks.next);
    }

    void aSlotThatIsChosenAsksForNoLabelThatIsNotTaken()
    {
        AnnouncedLine line;
        line.put(1, 7);
        line.put(2, 7);
        line.look();
        for (const int slot : {1, 2}) {
            const SlotNumber number{slot};
            const auto twice = offerOf(number, line.board);
            QVERIFY(!line.scan(7, slot).ok());
            auto alone = line;
            alone.takeOut(3 - slot);
            alone.look();
            QVERIFY(offerOf(number, alone.board) != twice && alone.scan(7, slot).ok());
        }
    }

    /// By every other rule the bar stands until something else is told.
    void onlyWhereDevicesSayTheirSerialsAMessageIsOutdated()
    {
        const station::SlotBoard board{{{1}, {2}}, enrollment::PairingRule::Insert};
        QVERIFY(!isOutdated({ScanNews::WhoseDevice, {}, {}, SlotNumber{1}}, board));
        const AnnouncedLine line;
        QVERIFY(isOutdated({ScanNews::WhoseDevice, {}, {}, SlotNumber{1}}, line.board));
        QVERIFY(!isOutdated({ScanNews::WhoseDevice, {}, {}, {}}, line.board));
        QVERIFY(!isOutdated({ScanNews::Ready, {}, {}, SlotNumber{1}}, line.board));
    }
};

QTEST_GUILESS_MAIN(AnnouncedMessagesTest)
#include "tst_announced_messages.moc"

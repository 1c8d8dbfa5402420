#include "ui/run/slot_number_entry.h"

#include <QSignalSpy>
#include <QTest>

using namespace enroll::ui;

namespace {

struct Entry {
    explicit Entry(int last) : number(last) { number.begin(); }

    /// As a scanner does it: without a pause.
    void type(const QString& text)
    {
        for (const auto character : text) {
            if (number.active()) {
                number.take(QString(character));
            }
        }
    }

    SlotNumberEntry number;
    QSignalSpy chosen{&number, &SlotNumberEntry::chosen};
    QSignalSpy scanned{&number, &SlotNumberEntry::scanned};
    QSignalSpy undecided{&number, &SlotNumberEntry::undecided};
};

} // namespace

class SlotNumberEntryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aDigitAndAPauseChooseASlot()
    {
        Entry entry(8);
        entry.type(QStringLiteral("5"));
        QCOMPARE(entry.chosen.size(), 0);
        QVERIFY(entry.chosen.wait());
        QCOMPARE(entry.chosen.front().front().toInt(), 5);
        QVERIFY(!entry.number.active());
    }

    void enterNeedsNoPause()
    {
        Entry entry(16);
        entry.type(QStringLiteral("1"));
        entry.number.decide();
        QCOMPARE(entry.chosen.front().front().toInt(), 1);
    }

    void whatCanStillGrowWaits()
    {
        Entry entry(16);
        entry.type(QStringLiteral("1"));
        QVERIFY(entry.number.isUnsettled());
        QVERIFY(entry.undecided.wait());
        QVERIFY(entry.number.active() && !entry.number.isUnsettled());
        entry.type(QStringLiteral("2"));
        QVERIFY(entry.chosen.wait());
        QCOMPARE(entry.chosen.front().front().toInt(), 12);
    }

    void aScanThatBeginsWithDigitsIsWhole_data()
    {
        QTest::addColumn<int>("last");
        QTest::addColumn<QString>("handedOver"); // before the rest goes where it belongs by itself
        QTest::newRow("8 slots") << 8 << QStringLiteral("40");
        QTest::newRow("16 slots") << 16 << QStringLiteral("400");
    }
    void aScanThatBeginsWithDigitsIsWhole()
    {
        QFETCH(int, last);
        QFETCH(QString, handedOver);
        Entry entry(last);
        entry.type(QStringLiteral("4006381333931"));
        QCOMPARE(entry.scanned.size(), 1);
        QCOMPARE(entry.scanned.front().front().toString(), handedOver);
        QCOMPARE(entry.chosen.size(), 0);
    }

    void aDigitAndALetterAreAScan()
    {
        Entry entry(16);
        entry.type(QStringLiteral("1A"));
        QCOMPARE(entry.scanned.front().front().toString(), QStringLiteral("1A"));
    }

    void aScanAfterATypedDigitDoesNotContainIt()
    {
        Entry entry(16);
        entry.type(QStringLiteral("1"));
        QVERIFY(entry.undecided.wait());
        entry.type(QStringLiteral("GX-1"));
        QCOMPARE(entry.scanned.front().front().toString(), QStringLiteral("G"));
    }
};

QTEST_GUILESS_MAIN(SlotNumberEntryTest)
#include "tst_slot_number_entry.moc"

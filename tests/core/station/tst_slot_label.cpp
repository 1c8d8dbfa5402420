#include "core/station/slot_label.h"

#include <QTest>

using namespace enroll;
using namespace enroll::station;

class SlotLabelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsALabel_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<int>("slot");
        QTest::newRow("as printed") << std::string{"SLOT 3"} << 3;
        QTest::newRow("dash") << std::string{"SLOT-16"} << 16;
        QTest::newRow("colon") << std::string{"slot:1"} << 1;
        QTest::newRow("nothing between") << std::string{"Slot12"} << 12;
        QTest::newRow("leading zero") << std::string{"SLOT 03"} << 3;
    }
    void readsALabel()
    {
        QFETCH(std::string, text);
        QFETCH(int, slot);
        const auto read = slotOfLabel(text);
        QVERIFY(read);
        QCOMPARE(read->value, slot);
    }

    void readsTheLabelThatIsPrinted()
    {
        for (int slot = 1; slot <= 999; ++slot) {
            QVERIFY(slotOfLabel(labelOf({slot})) == enrollment::SlotNumber{slot});
        }
    }

    void takesNothingElseForALabel_data()
    {
        QTest::addColumn<std::string>("text");
        for (const auto* text : {"", "3", "SLOT", "SLOT ", "SLOT  3", "SLOT 0", "SLOT -3", "SLOT 3A", "SLOT 1000",
                                 "SLOTS 3", "SLOT\u00A03", "SL0T 3", "SLOT 99999999999999999999", "GX-000183"}) {
            QTest::newRow(text) << std::string{text};
        }
    }
    void takesNothingElseForALabel()
    {
        QFETCH(std::string, text);
        QVERIFY(!slotOfLabel(text));
    }
};

QTEST_APPLESS_MAIN(SlotLabelTest)
#include "tst_slot_label.moc"

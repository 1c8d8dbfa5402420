#include "core/attestation/handle_range.h"

#include <QTest>

using namespace enroll::attestation;

class tst_handle_range : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsAHandleAndARange()
    {
        QCOMPARE(handleRange("0x81000002"), (HandleRange{0x81000002, 0x81000002}));
        QCOMPARE(handleRange("0x1800000"), (HandleRange{0x01800000, 0x01800000}));
        QCOMPARE(handleRange("0x81010000-0x8101FFFF"), (HandleRange{0x81010000, 0x8101FFFF}));
    }

    void refusesWhatIsNeither_data()
    {
        QTest::addColumn<QString>("text");
        for (const auto* text : {"", "-", "0x", "81000002", "0x81000002-", "-0x81000002", "0x81000002-0x81000001",
                                 "0x810000020", "0x8100000g", "0x-1", "0x1-0x2-0x3", " 0x1", "0X1"}) {
            QTest::addRow("\"%s\"", text) << QString::fromLatin1(text);
        }
    }
    void refusesWhatIsNeither()
    {
        QFETCH(const QString, text);
        QVERIFY(!handleRange(text.toStdString()));
    }

    void isWrittenAsItIsRead()
    {
        for (const auto* text : {"0x81000002", "0x01800000-0x01bfffff"}) {
            QCOMPARE(handleRangeText(*handleRange(text)), std::string{text});
        }
    }
};

QTEST_GUILESS_MAIN(tst_handle_range)
#include "tst_handle_range.moc"

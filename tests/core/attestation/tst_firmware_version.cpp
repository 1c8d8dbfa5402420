#include "core/attestation/firmware_version.h"

#include <QTest>

using namespace enroll::attestation;

class tst_firmware_version : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsOneToFourNumbers()
    {
        QCOMPARE(firmwareVersion("7"), (FirmwareVersion{7, 0, 0, 0}));
        QCOMPARE(firmwareVersion("7.62"), (FirmwareVersion{7, 62, 0, 0}));
        QCOMPARE(firmwareVersion("7.85.4555.0"), (FirmwareVersion{7, 85, 4555, 0}));
        QCOMPARE(firmwareVersion("65535.65535.65535.65535"), (FirmwareVersion{65535, 65535, 65535, 65535}));
    }

    void refusesWhatIsNoVersion_data()
    {
        QTest::addColumn<QString>("text");
        for (const auto* text :
             {"", ".", "7.", ".7", "7..1", "7.1.2.3.", "7.1.2.3.4", "65536", "-1", "+1", " 7", "7 ", "7.0x10", "v7"}) {
            QTest::addRow("\"%s\"", text) << QString::fromLatin1(text);
        }
    }
    void refusesWhatIsNoVersion()
    {
        QFETCH(const QString, text);
        QVERIFY(!firmwareVersion(text.toStdString()));
    }

    void comparesByNumber()
    {
        QVERIFY(firmwareVersion("7.9") < firmwareVersion("7.62"));
        QVERIFY(firmwareVersion("7.62") < firmwareVersion("7.62.0.1"));
        QVERIFY(firmwareVersion("7.62") == firmwareVersion("7.62.0.0"));
        QVERIFY(firmwareVersion("no version") < firmwareVersion("0")); // who says none is older than any
    }

    void isWrittenWithoutTheZerosAtItsEnd()
    {
        QCOMPARE(firmwareText({7, 62, 0, 0}), std::string{"7.62"});
        QCOMPARE(firmwareText({7, 0, 0, 0}), std::string{"7.0"});
        QCOMPARE(firmwareText({7, 0, 0, 1}), std::string{"7.0.0.1"});
    }
};

QTEST_GUILESS_MAIN(tst_firmware_version)
#include "tst_firmware_version.moc"

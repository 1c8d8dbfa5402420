#include "core/attestation/tpm_identity.h"

#include <QTest>

using enroll::attestation::looksLikeSoftwareTpm;

class tst_tpm_identity : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsSoftwareTpms_data()
    {
        QTest::addColumn<quint32>("maker");
        QTest::addColumn<QString>("vendor");
        QTest::newRow("libtpms behind swtpm") << 0x49424D00U << QStringLiteral("SW   TPM");
        QTest::newRow("libtpms, spaces removed") << 0x49424D00U << QStringLiteral("SW TPM");
        QTest::newRow("IBM's simulator") << 0x49424D20U << QStringLiteral("SW");
        QTest::newRow("reference code as firmware") << 0x4D534654U << QStringLiteral("SSE fTPM");
        QTest::newRow("a cloud") << 0x414D5A4EU << QStringLiteral("NitroTPM");
        QTest::newRow("VMware") << 0x564D5700U << QStringLiteral("VMware TPM");
        QTest::newRow("reserved for simulators") << 0x53494D30U << QString{};
    }
    void knowsSoftwareTpms()
    {
        QFETCH(quint32, maker);
        QFETCH(QString, vendor);
        QVERIFY(looksLikeSoftwareTpm(maker, vendor.toStdString()));
    }

    void doesNotSuspectChips_data()
    {
        QTest::addColumn<quint32>("maker");
        QTest::addColumn<QString>("vendor");
        QTest::newRow("Infineon") << 0x49465800U << QStringLiteral("SLB9670");
        QTest::newRow("STMicroelectronics") << 0x53544D20U << QStringLiteral("ST33HTPH");
        QTest::newRow("Nuvoton") << 0x4E544300U << QStringLiteral("rls NPCT 75x");
        QTest::newRow("Intel PTT") << 0x494E5443U << QStringLiteral("Intel");
        QTest::newRow("AMD") << 0x414D4400U << QStringLiteral("AMD");
    }
    void doesNotSuspectChips()
    {
        QFETCH(quint32, maker);
        QFETCH(QString, vendor);
        QVERIFY(!looksLikeSoftwareTpm(maker, vendor.toStdString()));
    }
};

QTEST_GUILESS_MAIN(tst_tpm_identity)
#include "tst_tpm_identity.moc"

#include "core/base/scan_code.h"
#include "core/station/scan_text.h"
#include "tests/support/code_text.h"

#include <QTest>

using namespace enroll;
using namespace enroll::test;

class TestScanText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesOffWhatScannersPutAround_data()
    {
        QTest::addColumn<QString>("scan");
        QTest::addColumn<QString>("code");
        const auto plain = QStringLiteral("GX-000001");
        QTest::newRow("nothing") << plain << plain;
        QTest::newRow("line ends") << QStringLiteral("GX-000001\r\n") << plain;
        QTest::newRow("tab") << QStringLiteral("GX-000001\t") << plain;
        QTest::newRow("blanks") << QStringLiteral("  GX-000001 ") << plain;
        QTest::newRow("Code 128") << QStringLiteral("]C0GX-000001") << plain;
        QTest::newRow("GS1-128") << QStringLiteral("]C1GX-000001\r") << plain;
        QTest::newRow("Data Matrix") << QStringLiteral("]d2GX-000001") << plain;
        QTest::newRow("a letter as modifier") << QStringLiteral("]EaGX-000001") << plain;
        QTest::newRow("blank behind the identifier") << QStringLiteral("]C0 GX-000001") << plain;
        QTest::newRow("no identifier") << QStringLiteral("]-1GX") << QStringLiteral("]-1GX");
        QTest::newRow("a bracket within") << QStringLiteral("GX]-1") << QStringLiteral("GX]-1");
        QTest::newRow("an identifier alone") << QStringLiteral("]C1") << QStringLiteral("]C1");
        QTest::newRow("QR Code") << QStringLiteral("]Q3GX-000001") << plain;
        QTest::newRow("FNC1 first, as a separator") << QStringLiteral("]C1\035GX-000001") << plain;
        QTest::newRow("a separator behind the last field") << QStringLiteral("GX-000001\035\r") << plain;
        QTest::newRow("nothing at all") << QStringLiteral(" \r\n") << QString{};
    }
    void takesOffWhatScannersPutAround()
    {
        QFETCH(const QString, scan);
        QFETCH(const QString, code);
        const auto found = station::codeIn(scan.toStdString());
        QVERIFY(found.ok());
        QCOMPARE(QString::fromStdString(found->code), code);
        QVERIFY(!found->caseExchanged);
    }

    /// What Caps Lock makes of an identifier is one that no reader sends.
    void anIdentifierTellsOfCapsLock_data()
    {
        QTest::addColumn<bool>("expected");
        for (const auto* scan : {"]c1gx-000001", "]D2gx-000001", "]q3gx-000001", "]a0gx-000001"}) {
            QTest::newRow(scan) << true;
        }
        for (const auto* scan : {"]C1gx-000001", "]d2gx-000001", "]E0400638133393", "]e0gx-000001", "c1gx-000001"}) {
            QTest::newRow(scan) << false;
        }
    }
    void anIdentifierTellsOfCapsLock()
    {
        QFETCH(const bool, expected);
        const auto found = station::codeIn(QTest::currentDataTag());
        QVERIFY(found.ok());
        QCOMPARE(found->caseExchanged, expected);
    }

    void refusesSeveralFields_data()
    {
        QTest::addColumn<QString>("scan");
        QTest::newRow("two fields of GS1") << QStringLiteral("]C121000181\03510AB");
        QTest::newRow("without an identifier") << QStringLiteral("21000181\03510AB");
        QTest::newRow("an envelope of ISO/IEC 15434") << QStringLiteral("[)>\03606\0351P7\035S000181\036\004");
        QTest::newRow("a zero byte") << QStringLiteral("GX-00") + QChar(0) + QStringLiteral("0181");
    }
    void refusesSeveralFields()
    {
        QFETCH(const QString, scan);
        const auto found = station::codeIn(scan.toStdString());
        QVERIFY(!found.ok());
        QCOMPARE(textOf(found.error().code), textOf(ScanCode::SeveralFields));
    }

    void refusesTwoCodes_data()
    {
        QTest::addColumn<QString>("scan");
        QTest::newRow("two identifiers") << QStringLiteral("]C1GX-000001]C1GX-000002");
        QTest::newRow("the second has one") << QStringLiteral("GX-000001]d2GX-000002");
        QTest::newRow("two at the start") << QStringLiteral("]C1]C1GX-000001");
        QTest::newRow("a line end within") << QStringLiteral("GX-000001\rGX-000002\r");
        QTest::newRow("a tab within") << QStringLiteral("GX-000001\tGX-000002");
    }
    void refusesTwoCodes()
    {
        QFETCH(const QString, scan);
        const auto found = station::codeIn(scan.toStdString());
        QVERIFY(!found.ok());
        QCOMPARE(textOf(found.error().code), textOf(ScanCode::TwoCodesAsOne));
    }
};

QTEST_GUILESS_MAIN(TestScanText)
#include "tst_scan_text.moc"

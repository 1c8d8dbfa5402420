#include "core/base/scan_code.h"
#include "core/base/station_code.h"
#include "tests/ui/station_window.h"

#include <QSignalSpy>

using namespace enroll;
using namespace enroll::ui;
using test::Station;

namespace {

const auto kSerial = QStringLiteral("GX-000181");

Result<QString> partOfACode()
{
    return makeError(ScanCode::ScanCutOff, "characters are missing");
}

Error lost()
{
    return makeError(StationCode::ScannerLost, "/dev/ttyACM0 was disconnected");
}

bool refuses(const Station& station, ErrorCode code)
{
    return station.message().news == ScanNews::Refused && station.message().code == code;
}

} // namespace

/// A scanner that the station reads itself.
class RunScansTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aScanIsTakenWhateverIsTypedMeanwhile()
    {
        Station station(4);
        QTest::keyClicks(station.entry(), QStringLiteral("GX-9"));
        station.runScreen->scanned(kSerial);
        QVERIFY(station.tells(ScanNews::Ready, 1));
        QCOMPARE(station.entry()->text(), QStringLiteral("GX-9")); // the person goes on
        QTest::keyClicks(station.entry(), QStringLiteral("00001"));
        QTest::keyClick(station.entry(), Qt::Key_Return);
        QVERIFY(station.tells(ScanNews::Ready, 2));
    }

    /// Whichever scanner reads it, a label goes to the slot whose number was typed, and not to the one that is marked.
    void aScanIsMeantForTheSlotThatIsAskedAbout()
    {
        for (const bool byKeys : {true, false}) {
            Station station(12);
            station.runScreen->scanned(QStringLiteral("GX-000001"));
            station.runScreen->scanned(QStringLiteral("GX-000002"));
            QVERIFY(station.tile(3).next);
            station.press(Qt::Key_F2);
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_1);
            QTRY_COMPARE_WITH_TIMEOUT(station.message().news, ScanNews::OneMoreDigit, test::kPatience);
            byKeys ? station.scan(kSerial) : station.runScreen->scanned(kSerial);
            QVERIFY(station.tells(ScanNews::Ready, 1));
            QCOMPARE(station.tile(1).serial, kSerial);
        }
    }

    /// Nobody knows yet whether it is all of the slot's number.
    void aScanAmongTheDigitsOfASlotIsRefused()
    {
        Station station(12);
        station.press(Qt::Key_F2);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_1);
        station.runScreen->scanned(kSerial);
        QVERIFY(refuses(station, ScanCode::KeysAmongScan));
        QVERIFY(station.controller->board().ready().empty());
        station.runScreen->scanned(kSerial);
        QVERIFY(station.tells(ScanNews::Ready, 1));
    }

    void everyKindOfCodeIsObeyed()
    {
        Station station(4);
        station.runScreen->scanned(QStringLiteral("SLOT 3"));
        QVERIFY(station.tells(ScanNews::Selected, 3));
        station.runScreen->scanned(kSerial);
        QVERIFY(station.tells(ScanNews::Ready, 3));
        station.runScreen->scanned(QString::fromStdString(station.commands.textOf(station::Command::StartAll)));
        QCOMPARE(station.message().news, ScanNews::Started);
    }

    void twoCodesAsOneAreRefused()
    {
        Station station(4);
        station.runScreen->scanned(QStringLiteral("GX-000181GX-000182"));
        QCOMPARE(station.message().news, ScanNews::Refused);
        QVERIFY(station.controller->board().ready().empty());
    }

    void aPartOfACodeIsRefused()
    {
        Station station(4);
        station.runScreen->scanned(partOfACode());
        QVERIFY(refuses(station, ScanCode::ScanCutOff));
        QVERIFY(station.controller->board().ready().empty());
    }

    void everyRefusalIsHeardOnce()
    {
        Station station(4);
        QSignalSpy alerts(station.runScreen, &RunScreen::alerted);
        const auto stop = QString::fromStdString(station.commands.textOf(station::Command::Stop));
        for (const auto& code :
             {Result<QString>{QStringLiteral("GX-000181GX-000182")}, Result<QString>{QStringLiteral("4006381333931")},
              Result<QString>{QStringLiteral("SLOT 9")}, Result<QString>{stop}, partOfACode()}) {
            alerts.clear();
            station.runScreen->scanned(code);
            QCOMPARE(alerts.size(), 1);
            QVERIFY(alerts.front().front().value<Alert>() == Alert::Refused);
        }
        alerts.clear();
        station.scan(QStringLiteral("4006381333931")); // by keys
        QCOMPARE(alerts.size(), 1);
        station.runScreen->showScanner(lost());
        QCOMPARE(alerts.size(), 2);
        station.runScreen->showScanner(std::nullopt);
        station.runScreen->scanned(kSerial);
        QVERIFY(station.tells(ScanNews::Ready, 1));
        QCOMPARE(alerts.size(), 2);
    }

    void nothingIsTakenWhileTheWindowCloses()
    {
        Station station(4);
        station.runScreen->stopForGood(Screen::Closing::Asked);
        for (const auto& code : {Result<QString>{kSerial}, partOfACode()}) {
            station.runScreen->scanned(code);
            QCOMPARE(station.message().news, ScanNews::Closing);
        }
        QVERIFY(station.controller->board().ready().empty());
    }

    void aScannerThatDoesNotAnswerIsSaidUntilItDoes()
    {
        Station station(4);
        station.runScreen->showScanner(lost());
        QVERIFY(refuses(station, StationCode::ScannerLost));
        station.runScreen->showScanner(std::nullopt);
        QCOMPARE(station.message().news, ScanNews::Idle);
        station.runScreen->showScanner(lost());
        station.type(kSerial); // by hand, meanwhile
        station.runScreen->showScanner(std::nullopt);
        QVERIFY(station.tells(ScanNews::Ready, 1));
    }
};

QTEST_MAIN(RunScansTest)
#include "tst_run_scans.moc"

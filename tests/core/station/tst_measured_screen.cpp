#include "core/station/measured_screen.h"

#include <QTest>

using namespace enroll::station;

namespace {

const ScreenId kDesk{"HDMI-1", "HP E24 G4", "CN41", 1920, 1080};

ScreenId with(ScreenId screen, const auto& change)
{
    change(screen);
    return screen;
}

} // namespace

class MeasuredScreenTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aScreenIsKnownByWhatItSaysOfItself_data()
    {
        QTest::addColumn<ScreenId>("other");
        QTest::addColumn<bool>("same");
        const auto row = [](const char* name, const auto& change, bool same) {
            QTest::newRow(name) << with(kDesk, change) << same;
        };
        row(
            "itself", [](ScreenId&) {}, true);
        row(
            "in another socket", [](ScreenId& screen) { screen.connector = "DP-2"; }, true);
        row(
            "rounded", [](ScreenId& screen) { screen.widthPixels += 1; }, true);
        row(
            "another serial number", [](ScreenId& screen) { screen.serial = "CN42"; }, false);
        row(
            "another model", [](ScreenId& screen) { screen.model = "HP E27 G4"; }, false);
        row(
            "with fewer pixels", [](ScreenId& screen) { screen.widthPixels = 1280; }, false);
        row(
            "upright", [](ScreenId& screen) { std::swap(screen.widthPixels, screen.heightPixels); }, false);
    }
    void aScreenIsKnownByWhatItSaysOfItself()
    {
        QFETCH(const ScreenId, other);
        QFETCH(const bool, same);
        QCOMPARE(isSameScreen(kDesk, other), same);
        QCOMPARE(isSameScreen(other, kDesk), same);
    }

    void withoutANumberItIsKnownByItsSocket()
    {
        auto one = kDesk;
        one.serial.clear();
        auto other = one;
        QVERIFY(isSameScreen(one, other));
        other.connector = "HDMI-2";
        QVERIFY(!isSameScreen(one, other));
        one = {"screen", {}, {}, 1920, 1080};
        QVERIFY(isSameScreen(one, one) && !isSameScreen(one, kDesk));
    }

    void theLatestMeasureOfEachScreenCounts()
    {
        MeasuredScreens screens;
        const auto wall = with(kDesk, [](ScreenId& screen) { screen.serial = "CN42"; });
        QVERIFY(!screens.widthOf(kDesk));
        screens.keep({kDesk, 527});
        screens.keep({wall, 1210});
        screens.keep({with(kDesk, [](ScreenId& screen) { screen.connector = "DP-1"; }), 531.5});
        QCOMPARE(screens.widthOf(kDesk).value_or(0), 531.5);
        QCOMPARE(screens.widthOf(wall).value_or(0), 1210.0);
        QCOMPARE(screens.all().size(), std::size_t{2});
        QVERIFY(MeasuredScreens(screens.all()) == screens);
    }

    void theOldestGivesWay()
    {
        MeasuredScreens screens;
        const auto numbered = [](std::size_t number) {
            return with(kDesk, [number](ScreenId& screen) { screen.serial = std::to_string(number); });
        };
        for (std::size_t number = 0; number <= MeasuredScreens::kMost; ++number) {
            screens.keep({numbered(number), 500});
        }
        QCOMPARE(screens.all().size(), MeasuredScreens::kMost);
        QVERIFY(!screens.widthOf(numbered(0)) && screens.widthOf(numbered(MeasuredScreens::kMost)));
    }
};

QTEST_APPLESS_MAIN(MeasuredScreenTest)
#include "tst_measured_screen.moc"

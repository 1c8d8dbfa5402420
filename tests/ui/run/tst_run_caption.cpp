#include "ui/run/run_caption.h"

#include <QTest>

using namespace enroll;
using namespace enroll::ui;

namespace {

QString wordsOf(const DevicesTested& tested)
{
    return runCaption({}, station::WorkOrder{}, station::SignIn{}, tested).counted.value_or(CountedWords{}).words;
}

} // namespace

/// What the bar says that is counted: devices, and how many tests judged them.
class RunCaptionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aDeviceThatIsTestedAgainIsOneDeviceInTwoTests()
    {
        for (const auto& since : {std::optional<UtcTime>{}, std::optional{utcNow()}}) {
            const auto words = wordsOf({1, since, 2});
            QVERIFY2(words.startsWith(QLatin1String("device ")) && words.endsWith(QLatin1String(" 2 tests")),
                     qPrintable(words));
        }
    }

    void oneAndManyAreToldApart()
    {
        for (const auto& since : {std::optional<UtcTime>{}, std::optional{utcNow()}}) {
            QVERIFY(wordsOf({1, since, 1}).endsWith(QLatin1String(" 1 test")));
            const auto many = wordsOf({2, since, 3});
            QVERIFY2(many.startsWith(QLatin1String("devices ")) && many.endsWith(QLatin1String(" 3 tests")),
                     qPrintable(many));
        }
    }

    void nothingIsSaidWhileNothingIsKnown()
    {
        QVERIFY(!runCaption({}, station::WorkOrder{}, station::SignIn{}, {}).counted);
    }
};

QTEST_GUILESS_MAIN(RunCaptionTest)
#include "tst_run_caption.moc"

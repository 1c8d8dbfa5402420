#include "app/desktop/screen_sizes.h"
#include "core/base/station_code.h"
#include "db/screens/screens_file.h"
#include "tests/support/must.h"

#include <QFile>
#include <QGuiApplication>
#include <QScreen>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace enroll;
using namespace enroll::app::desktop;
using station::MeasuredScreen;
using test::must;

namespace {

constexpr int kPatience = 20'000;
const station::ScreenId kDesk{"HDMI-1", "HP E24 G4", "CN41", 1920, 1080};

} // namespace

class ScreenSizesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_root = std::make_unique<QTemporaryDir>();
        m_data = m_root->path().toStdString();
    }

    void whatIsMeasuredCountsAtOnceAndAtTheNextStart()
    {
        ScreenSizes sizes(m_data);
        QSignalSpy written(&sizes, &ScreenSizes::written);
        QVERIFY(!sizes.widthOf(kDesk));
        sizes.keep({kDesk, 527});
        QCOMPARE(sizes.widthOf(kDesk).value_or(0), 527.0);
        QTRY_COMPARE_WITH_TIMEOUT(written.count(), 1, kPatience);
        QVERIFY(written.front().front().value<Result<void>>().ok());
        QCOMPARE(ScreenSizes(m_data).widthOf(kDesk).value_or(0), 527.0);
    }

    /// Whoever measures and turns the station off at once did not measure in vain.
    void whatIsMeasuredLastIsWrittenBeforeTheEnd()
    {
        {
            ScreenSizes sizes(m_data);
            for (const auto wide : {500.0, 510.0, 527.0}) {
                sizes.keep({kDesk, wide});
            }
        }
        QCOMPARE(ScreenSizes(m_data).widthOf(kDesk).value_or(0), 527.0);
    }

    void whatCannotBeWrittenIsTold()
    {
        std::filesystem::create_directory(db::screens::screensFile(m_data));
        ScreenSizes sizes(m_data);
        QSignalSpy written(&sizes, &ScreenSizes::written);
        sizes.keep({kDesk, 527});
        QTRY_COMPARE_WITH_TIMEOUT(written.count(), 1, kPatience);
        QVERIFY(written.front().front().value<Result<void>>().error().code == StationCode::FileUnusable);
        QCOMPARE(sizes.widthOf(kDesk).value_or(0), 527.0);
    }

    void whatNoScreenIsWideIsNotBelieved()
    {
        const auto file = station::MeasuredScreens{{{kDesk, 50}}};
        QVERIFY(db::screens::writeScreens(m_data, file).ok());
        QVERIFY(!ScreenSizes(m_data).widthOf(kDesk));
    }

    void whatCannotBeReadCountsAsNothing()
    {
        QFile file(QString::fromStdString(db::screens::screensFile(m_data).string()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{");
        file.close();
        {
            ScreenSizes sizes(m_data);
            QVERIFY(!sizes.widthOf(kDesk));
            sizes.keep({kDesk, 527});
        }
        QCOMPARE(must(db::screens::readScreens(m_data)).all().size(), std::size_t{1});
    }

    void aScreenIsNamedAsItNamesItself()
    {
        const auto* screen = QGuiApplication::primaryScreen();
        const auto id = ScreenSizes::idOf(*screen);
        QCOMPARE(QString::fromStdString(id.connector), screen->name());
        QCOMPARE(id.widthPixels, qRound(screen->size().width() * screen->devicePixelRatio()));
        QVERIFY(id.heightPixels > 0);
        QVERIFY(isSameScreen(id, ScreenSizes::idOf(*screen)));
    }

private:
    std::unique_ptr<QTemporaryDir> m_root;
    std::filesystem::path m_data;
};

QTEST_MAIN(ScreenSizesTest)
#include "tst_screen_sizes.moc"

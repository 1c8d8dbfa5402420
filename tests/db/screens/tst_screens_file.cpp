#include "core/base/station_code.h"
#include "core/system/durable_file.h"
#include "db/screens/screens_file.h"
#include "tests/support/must.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace enroll;
using namespace enroll::db::screens;
using enroll::test::must;
using station::MeasuredScreens;

namespace {

namespace fs = std::filesystem;

MeasuredScreens twoScreens()
{
    return MeasuredScreens{
        {{{"HDMI-1", "HP E24 G4", "CN41", 1920, 1080}, 527.25}, {{"screen", {}, {}, 1280, 800}, 286}}};
}

Result<MeasuredScreens> read(const QByteArray& text)
{
    return screensFromText(asBytes(text.toStdString()));
}

} // namespace

class TestScreensFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_root = std::make_unique<QTemporaryDir>();
        m_data = m_root->path().toStdString();
    }

    void everyScreenIsKept()
    {
        QVERIFY(must(readScreens(m_data)).all().empty());
        QVERIFY(writeScreens(m_data, twoScreens()).ok());
        QVERIFY(must(readScreens(m_data)) == twoScreens());
        QCOMPARE(fs::status(screensFile(m_data)).permissions(), fs::perms::owner_read | fs::perms::owner_write);
        QVERIFY(writeScreens(m_data, {}).ok());
        QVERIFY(must(readScreens(m_data)).all().empty());
    }

    void versionOneStaysReadable()
    {
        QFile file(QStringLiteral(ENROLL_TEST_DATA "/documents/v1/screens.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto text = file.readAll();
        const auto screens = read(text);
        QVERIFY(screens.ok() && screens->all().size() == 1);
        QVERIFY(screensText(*screens) == text);
    }

    void whatANewerProgramWroteBesideItIsPassedOver()
    {
        auto newer = screensText(twoScreens());
        newer.replace("screens/1", "screens/2").replace("\"serial\"", "\"year\": 2026, \"serial\"");
        QVERIFY(must(read(newer)) == twoScreens());
    }

    void whatIsNoMeasureIsRefused_data()
    {
        QTest::addColumn<QByteArray>("sample");
        QTest::addColumn<QByteArray>("other");
        QTest::newRow("a width of nothing") << QByteArray{"527.25"} << QByteArray{"0"};
        QTest::newRow("a width below nothing") << QByteArray{"527.25"} << QByteArray{"-527"};
        QTest::newRow("a width in words") << QByteArray{"527.25"} << QByteArray{"\"wide\""};
        QTest::newRow("no pixels") << QByteArray{"1920"} << QByteArray{"0"};
        QTest::newRow("pixels in parts") << QByteArray{"1080"} << QByteArray{"1080.5"};
        QTest::newRow("no connector") << QByteArray{"connector"} << QByteArray{"socket"};
        QTest::newRow("no list") << QByteArray{"\"screens\": ["} << QByteArray{"\"walls\": ["};
        QTest::newRow("another document") << QByteArray{"screens/1"} << QByteArray{"duty/1"};
        QTest::newRow("no JSON") << QByteArray{"{"} << QByteArray{};
    }
    void whatIsNoMeasureIsRefused()
    {
        QFETCH(const QByteArray, sample);
        QFETCH(const QByteArray, other);
        auto text = screensText(twoScreens());
        QVERIFY(text.contains(sample));
        text.replace(sample, other);
        QVERIFY(!read(text).ok() && read(text).error().code == StationCode::DocumentMalformed);
        QVERIFY(
            system::writeDurably(screensFile(m_data), asBytes(text.toStdString()), system::FileMode::OwnerOnly).ok());
        const auto kept = readScreens(m_data);
        QVERIFY(!kept.ok() && kept.error().what.find("screens.json") != std::string::npos);
        QVERIFY(writeScreens(m_data, twoScreens()).ok()); // the next measure replaces it
        QVERIFY(must(readScreens(m_data)) == twoScreens());
    }

    void whatIsNoFileIsRefused()
    {
        fs::create_directory(screensFile(m_data));
        QVERIFY(readScreens(m_data).error().code == StationCode::FileUnusable);
        QVERIFY(writeScreens(m_data, twoScreens()).error().code == StationCode::FileUnusable);
    }

private:
    std::unique_ptr<QTemporaryDir> m_root;
    fs::path m_data;
};

QTEST_GUILESS_MAIN(TestScreensFile)
#include "tst_screens_file.moc"

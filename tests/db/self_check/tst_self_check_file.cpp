#include "core/base/station_code.h"
#include "core/system/durable_file.h"
#include "db/self_check/self_check_file.h"
#include "tests/support/must.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace enroll;
using namespace enroll::db::self_check;
using enroll::test::must;
using enrollment::SelfCheckStamp;

namespace {

namespace fs = std::filesystem;

SelfCheckStamp stampOf(int number)
{
    return {
        UtcTime{std::chrono::milliseconds{1'764'000'000'123 + number}}, number % 2 == 0, {"1.0.0", "abc"}, "0123ab"};
}

Result<SelfCheckStamp> read(const QByteArray& text)
{
    return selfCheckFromText(asBytes(text.toStdString()));
}

} // namespace

class TestSelfCheckFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_root = std::make_unique<QTemporaryDir>();
        m_data = m_root->path().toStdString();
    }

    void theLatestIsKept()
    {
        QVERIFY(!must(readSelfCheck(m_data)));
        for (int number = 0; number < 3; ++number) {
            QVERIFY(writeSelfCheck(m_data, stampOf(number)).ok());
            QVERIFY(must(readSelfCheck(m_data)) == stampOf(number));
        }
        QCOMPARE(fs::status(selfCheckFile(m_data)).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    }

    void versionOneStaysReadable()
    {
        QFile file(QStringLiteral(ENROLL_TEST_DATA "/documents/v1/self-check.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto text = file.readAll();
        const auto stamp = read(text);
        QVERIFY(stamp.ok() && stamp->passed);
        QVERIFY(selfCheckText(*stamp) == text);
    }

    void whatANewerProgramWroteBesideItIsPassedOver()
    {
        auto newer = selfCheckText(stampOf(0));
        newer.replace("self-check/1", "self-check/2").replace("\"at\"", "\"devices\": 3, \"at\"");
        QVERIFY(read(newer).value() == stampOf(0));
    }

    void whatIsNoCheckIsRefusedWithItsMember_data()
    {
        QTest::addColumn<QByteArray>("sample");
        QTest::addColumn<QByteArray>("other");
        QTest::newRow("time") << QByteArray{"2025"} << QByteArray{"year"};
        QTest::newRow("word for true") << QByteArray{"true"} << QByteArray{"\"yes\""};
        QTest::newRow("no profile") << QByteArray{"profileSha256"} << QByteArray{"profile"};
        QTest::newRow("no build") << QByteArray{"build"} << QByteArray{"built"};
        QTest::newRow("another document") << QByteArray{"self-check/1"} << QByteArray{"duty/1"};
        QTest::newRow("no JSON") << QByteArray{"{"} << QByteArray{};
    }

    void whatIsNoCheckIsRefusedWithItsMember()
    {
        QFETCH(const QByteArray, sample);
        QFETCH(const QByteArray, other);
        auto text = selfCheckText(stampOf(0));
        QVERIFY(text.contains(sample));
        text.replace(sample, other);
        QVERIFY(!read(text).ok() && read(text).error().code == StationCode::DocumentMalformed);
        QVERIFY(
            system::writeDurably(selfCheckFile(m_data), asBytes(text.toStdString()), system::FileMode::OwnerOnly).ok());
        const auto kept = readSelfCheck(m_data);
        QVERIFY(!kept.ok() && kept.error().what.find("self-check.json") != std::string::npos);
        QVERIFY(writeSelfCheck(m_data, stampOf(2)).ok()); // the next check replaces it
        QVERIFY(must(readSelfCheck(m_data)) == stampOf(2));
    }

    void whatIsNoFileIsRefused()
    {
        fs::create_directory(selfCheckFile(m_data));
        const auto kept = readSelfCheck(m_data);
        QVERIFY(!kept.ok() && kept.error().code == StationCode::FileUnusable);
    }

private:
    std::unique_ptr<QTemporaryDir> m_root;
    fs::path m_data;
};

QTEST_GUILESS_MAIN(TestSelfCheckFile)
#include "tst_self_check_file.moc"

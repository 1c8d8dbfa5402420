#include "app/agent/device_serial.h"
#include "core/base/station_code.h"
#include "tests/support/must.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

namespace enroll::test {
namespace {

using namespace app::agent;

} // namespace

class tst_device_serial : public QObject {
    Q_OBJECT

    QTemporaryDir m_directory;

    std::filesystem::path fileWith(const QString& name, const std::string& content)
    {
        const auto path = m_directory.filePath(name);
        QFile file{path};
        if (!file.open(QIODevice::WriteOnly) || file.write(content.data(), static_cast<qint64>(content.size())) < 0) {
            qFatal("no file %s", qPrintable(path));
        }
        return path.toStdString();
    }
    std::filesystem::path fileWith(const std::string& content) { return fileWith(QStringLiteral("serial"), content); }

private Q_SLOTS:
    void readsOneLine_data()
    {
        QTest::addColumn<std::string>("content");
        QTest::newRow("bare") << std::string{"GX-000183"};
        QTest::newRow("of sysfs") << std::string{"GX-000183\n"};
        QTest::newRow("of a device tree") << std::string{"GX-000183\0", 10};
        QTest::newRow("padded") << std::string{"  GX-000183 \r\n"};
    }
    void readsOneLine()
    {
        QFETCH(const std::string, content);
        QCOMPARE(must(readSerialNumber(fileWith(content))), std::string{"GX-000183"});
    }

    void refusesWhatIsNoSerialNumber_data()
    {
        QTest::addColumn<std::string>("content");
        QTest::newRow("nothing") << std::string{};
        QTest::newRow("zeros") << std::string(8, '\0');
        QTest::newRow("a line end alone") << std::string{"\n"};
        QTest::newRow("two lines") << std::string{"GX-000183\nGX-000184\n"};
        QTest::newRow("a zero inside") << std::string{"GX\0001", 4};
        QTest::newRow("an escape") << std::string{"GX\x1B[2J"};
        QTest::newRow("no UTF-8") << std::string{"GX\xC3"};
        QTest::newRow("too long") << std::string(65, '9');
    }
    void refusesWhatIsNoSerialNumber()
    {
        QFETCH(const std::string, content);
        const auto serial = readSerialNumber(fileWith(content));
        QVERIFY(!serial.ok());
        QCOMPARE(serial.error().code, ErrorCode{StationCode::EncodingMalformed});
    }

    void aFileThatCannotBeReadIsNamed()
    {
        const std::filesystem::path none = m_directory.filePath(QStringLiteral("none")).toStdString();
        const auto serial = readSerialNumber(none);
        QCOMPARE(serial.error().code, ErrorCode{StationCode::FileUnusable});
        QCOMPARE(readSerialNumber(fileWith(std::string(5000, '9'))).error().code, ErrorCode{StationCode::FileUnusable});
    }

    void theFirmwareIsAskedInTurn()
    {
        const std::filesystem::path none = m_directory.filePath(QStringLiteral("none")).toStdString();
        const std::array files{none, fileWith(QStringLiteral("a"), "Default string\n"),
                               fileWith(QStringLiteral("b"), "00000000"), fileWith(QStringLiteral("c"), "GX-000183\n"),
                               fileWith(QStringLiteral("d"), "GX-000184\n")};
        QCOMPARE(serialNumberOfFirmware(files), std::string{"GX-000183"});
        QCOMPARE(serialNumberOfFirmware(std::span{files}.first(3)), std::string{});
        QCOMPARE(serialNumberOfFirmware({}), std::string{});
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_device_serial)
#include "tst_device_serial.moc"

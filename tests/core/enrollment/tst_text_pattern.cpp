#include "core/base/station_code.h"
#include "core/enrollment/text_pattern.h"
#include "tests/support/must.h"

#include <QTest>

using namespace enroll;
using namespace enroll::enrollment;
using enroll::test::must;

class tst_text_pattern : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void standsForWhatTheDeviceBrings_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* pattern, const char* expected) {
            QTest::newRow(pattern) << QString::fromUtf8(pattern) << QString::fromUtf8(expected);
        };
        row("", "");
        row("as it is", "as it is");
        row("{serial}", "GX-7");
        row("gw-{serial}-{registration_id}/{batch}{serial}", "gw-GX-7-abc/B1GX-7");
        row("{{serial}}", "{serial}");
        row("{{{serial}}}", "{GX-7}");
        row("}}{{", "}{");
    }
    void standsForWhatTheDeviceBrings()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, expected);
        const DeviceWords words{SerialNumber{"GX-7"}, RegistrationId{"abc"}, BatchId{"B1"}};
        const auto parsed = must(TextPattern::parse(pattern.toStdString()));
        QCOMPARE(parsed.textFor(words), expected.toStdString());
        QCOMPARE(parsed.text(), pattern.toStdString());
    }

    void refusesWhatStandsForNothing_data()
    {
        QTest::addColumn<QString>("pattern");
        for (const char* pattern : {"{seriel}", "{}", "{ serial}", "{serial", "serial}", "{{serial}", "{Serial}"}) {
            QTest::newRow(pattern) << QString::fromUtf8(pattern);
        }
    }
    void refusesWhatStandsForNothing()
    {
        QFETCH(QString, pattern);
        const auto parsed = TextPattern::parse(pattern.toStdString());
        QVERIFY(!parsed.ok());
        QCOMPARE(parsed.error().code, StationCode::ConfigurationInvalid);
        QVERIFY(parsed.error().what.starts_with("has "));
    }

    void noDeviceGetsALongerTextThanTheLongest()
    {
        const auto pattern = must(TextPattern::parse("a{serial}{registration_id}{batch}"));
        std::string batch;
        for (int i = 0; i < 64; ++i) {
            batch += "\xF0\x9F\x93\xA6";
        }
        const DeviceWords words{SerialNumber{std::string(64, 's')}, RegistrationId{std::string(64, 'r')},
                                BatchId{batch}};
        QCOMPARE(pattern.textFor(words).size(), pattern.longest());
        QVERIFY(pattern.has(Placeholder::Batch));
        QVERIFY(!must(TextPattern::parse("{{batch}}")).has(Placeholder::Batch));
    }
};

QTEST_APPLESS_MAIN(tst_text_pattern)
#include "tst_text_pattern.moc"

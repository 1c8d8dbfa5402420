#include "app/wiring/station_check.h"
#include "core/base/station_code.h"
#include "tests/support/must.h"
#include "tests/support/test_data.h"

#include <QTest>

using namespace enroll;
using namespace enroll::app;
using test::must;

class TestStationCheck : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFileThatIsMissingIsToldFromOneWithoutASlot()
    {
        config::StationConfig station;
        station.file = "/etc/enroll-station/station.toml";
        const auto missing = wiring::requireSlots(station);
        QCOMPARE(missing.error().code, StationCode::ConfigurationInvalid);
        QVERIFY2(missing.error().what.find("there is no /etc/") != std::string::npos, missing.error().what.c_str());
        station.filesRead.push_back({station.file, {}});
        const auto empty = wiring::requireSlots(station);
        QVERIFY2(empty.error().what.find("no [[slot]]") != std::string::npos, empty.error().what.c_str());
        station.slots.push_back({1, "tcp://127.0.0.1:1"});
        QVERIFY(wiring::requireSlots(station).ok());
    }

    void onlyAProfileThatAsksForTrustNeedsAnAnchor()
    {
        using enum attestation::CertificateRequirement;
        const auto of = [](const char* name) {
            return must(crypto::certificatesFromFile(test::testData(name))).front();
        };
        crypto::TrustStore trust;
        enrollment::ProductProfile profile;
        profile.policy.certificate = Trusted;
        QCOMPARE(wiring::requireAnchors(trust, profile).error().code, StationCode::NothingFound);
        QVERIFY(must(trust.add(of("certificates/swtpm-intermediate.pem")))); // no path can end at it
        QVERIFY(!wiring::requireAnchors(trust, profile).ok());
        profile.policy.certificate = Present;
        QVERIFY(wiring::requireAnchors(trust, profile).ok());
        profile.policy.certificate = None;
        QVERIFY(wiring::requireAnchors(trust, profile).ok());
        profile.policy.certificate = Trusted;
        QVERIFY(must(trust.add(of("certificates/swtpm-root.pem"))));
        QVERIFY(wiring::requireAnchors(trust, profile).ok());
    }

    /// A code on the station's own card that fits a pattern would have two kinds.
    void aPatternTakesNoCodeOfTheStationsOwnCard_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("refused");
        const auto row = [](const char* pattern, const char* refused) {
            QTest::newRow(pattern) << QString::fromLatin1(pattern) << QString::fromLatin1(refused);
        };
        row("serial = '[a-z0-9]+'", "scanner.patterns.serial fits \"enroll");
        row("batch = 'ENROLL.*'", "scanner.patterns.batch fits \"enroll"); // with Caps Lock on
        row("slot = 'enroll.*'", "scanner.patterns.slot fits \"enroll");
        row("operator = '[A-Z]+ [0-9]'", "scanner.patterns.operator fits \"SLOT 3\"");
        row("command = 'slot.*'", "scanner.patterns.command fits \"SLOT 3\"");
        row("command = 'enroll.*'", "");
        row("slot = 'SLOT [0-9]+'", "");
        row("serial = '[A-Z]{2}-[0-9]+'", "");
    }
    void aPatternTakesNoCodeOfTheStationsOwnCard()
    {
        QFETCH(const QString, pattern);
        QFETCH(const QString, refused);
        const auto text = "schema = 1\n[scanner.patterns]\n" + pattern.toStdString() +
                          "\n[[slot]]\nnumber = 3\ndevice = 'tcp://127.0.0.1:1'\n";
        const auto usable = wiring::requireUsableScanner(must(config::parseStationConfig(text, "s.toml")), {});
        QCOMPARE(usable.ok(), refused.isEmpty());
        if (!refused.isEmpty()) {
            QCOMPARE(usable.error().code, StationCode::ConfigurationInvalid);
            QVERIFY2(usable.error().what.starts_with("s.toml:3: " + refused.toStdString()),
                     usable.error().what.c_str());
        }
    }

    /// Either pattern tells two codes from one where no key ends a code.
    void aScannerWithoutAnEndNeedsAPatternOfSerials()
    {
        const auto usable = [](const char* patterns, const char* ofProfile) {
            enrollment::ProductProfile profile;
            profile.serialPattern = must(enrollment::SerialPattern::compile(ofProfile));
            const auto text = std::string{"schema = 1\n[scanner]\nsuffix = 'none'\n"} + patterns;
            return wiring::requireUsableScanner(must(config::parseStationConfig(text, "s.toml")), profile).ok();
        };
        QVERIFY(!usable("", ""));
        QVERIFY(!usable("patterns = { batch = 'WO-[0-9]+' }\n", ""));
        QVERIFY(usable("", "GX-[0-9]+"));
        QVERIFY(usable("patterns = { serial = 'GX-[0-9]+' }\n", ""));
    }
};

QTEST_APPLESS_MAIN(TestStationCheck)
#include "tst_station_check.moc"

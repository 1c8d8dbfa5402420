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
        station.filesRead.push_back(station.file);
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
};

QTEST_APPLESS_MAIN(TestStationCheck)
#include "tst_station_check.moc"

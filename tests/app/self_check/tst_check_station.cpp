#include "app/self_check/self_check.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/config/profile_file.h"
#include "db/self_check/self_check_file.h"
#include "tests/support/must.h"

#include <QTemporaryDir>
#include <QTest>

using namespace enroll;
using namespace enroll::app::self_check;
using enroll::test::must;

namespace {

namespace fs = std::filesystem;

enrollment::ProductProfile profileOf(const char* name)
{
    const fs::path shipped{ENROLL_SOURCE_DIR "/resources/profiles"};
    return must(config::loadProfile(shipped / (std::string{name} + ".profile.toml"), shipped));
}

/// A profile by which devices of an unknown issuer pass.
enrollment::ProductProfile tooLax()
{
    auto profile = profileOf("production");
    profile.policy.severities.insert_or_assign("ek-certificate-unknown-issuer", attestation::Severity::Info);
    return profile;
}

} // namespace

/// The station's check of itself, on real software TPMs.
class TestCheckStation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_root = std::make_unique<QTemporaryDir>(); }

    void everyShippedProfilePasses_data()
    {
        QTest::addColumn<QByteArray>("profile");
        QTest::newRow("production") << QByteArray{"production"};
        QTest::newRow("demo") << QByteArray{"demo"};
    }

    void everyShippedProfilePasses()
    {
        QFETCH(const QByteArray, profile);
        const auto check = must(checkStation(orderOf(profileOf(profile.constData())), {}));
        for (const auto& each : check.runs) {
            QVERIFY2(each.asExpected, std::string{specimenText(each.specimen)}.c_str());
        }
        QVERIFY(check.stamp.passed);
        QCOMPARE(check.stamp.profileSha256, profileOf(profile.constData()).stamp.sha256);
        QVERIFY(
            std::ranges::any_of(check.runs, [](const auto& each) { return each.specimen == Specimen::WrongAnswer; }));
    }

    void aMakersListAndFirmwareHinderNoCheck()
    {
        auto profile = profileOf("production");
        profile.policy.allowedManufacturers = {"IFX"};
        profile.policy.oldestFirmware = {};
        profile.allowedTransports = {"dev"};
        QVERIFY(must(checkStation(orderOf(profile), {})).stamp.passed);
    }

    /// A station that lets a device of an unknown issuer pass, or holds a good one, does not pass.
    void aStationThatJudgesWronglyDoesNotPass()
    {
        auto check = must(checkStation(orderOf(tooLax()), {}));
        QVERIFY(!check.stamp.passed);
        QVERIFY(check.runs.at(0).asExpected && !check.runs.at(1).asExpected && check.runs.at(2).asExpected);

        auto strict = profileOf("production");
        strict.runTimeout = std::chrono::seconds{0}; // nothing is judged in time
        check = must(checkStation(orderOf(strict), {}));
        QVERIFY(!check.stamp.passed && !check.runs.at(0).asExpected);
    }

    void whatItCameToIsKept()
    {
        const auto check = must(checkAndKeep(data(), orderOf(profileOf("production")), {}));
        QVERIFY(must(db::self_check::readSelfCheck(data())) == check.stamp);
    }

    void aCheckThatIsStoppedSaysNothing()
    {
        std::stop_source stop;
        stop.request_stop();
        const auto check = checkAndKeep(data(), orderOf(profileOf("demo")), stop.get_token());
        QVERIFY(!check.ok() && check.error().code == DeviceCode::Cancelled);
        QVERIFY(must(db::self_check::readSelfCheck(data()))); // of before
    }

    /// Or a full disk would let a station test that has just been seen to judge wrongly.
    void whatDidNotPassIsSaidEvenIfItCannotBeKept()
    {
        const auto file = db::self_check::selfCheckFile(data());
        fs::remove(file);
        fs::create_directories(file / "of somebody"); // where the file should be
        const auto failed = checkAndKeep(data(), orderOf(tooLax()), {});
        const auto passed = checkAndKeep(data(), orderOf(profileOf("production")), {});
        fs::remove_all(file);
        QVERIFY(failed.ok() && !failed->stamp.passed);
        QVERIFY(!passed.ok() && passed.error().code == StationCode::FileUnusable);
    }

private:
    [[nodiscard]] fs::path data() const { return m_root->path().toStdString(); }
    [[nodiscard]] SelfCheckOrder orderOf(enrollment::ProductProfile profile) const
    {
        return {enrollment::StationId{"ST-07"}, std::move(profile), {"1.0.0", "abc"}, data() / "self-check"};
    }

    std::unique_ptr<QTemporaryDir> m_root;
};

QTEST_GUILESS_MAIN(TestCheckStation)
#include "tst_check_station.moc"

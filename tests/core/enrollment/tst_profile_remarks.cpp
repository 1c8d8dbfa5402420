#include "core/attestation/device_sdk.h"
#include "core/enrollment/profile_remarks.h"

#include <QTest>

#include <algorithm>

using namespace enroll::enrollment;
using enroll::attestation::EkChoice;
using enroll::attestation::EkTemplate;
using enroll::attestation::Severity;

namespace {

ProductProfile profileOf(EkTemplate kind, EkChoice::Rule rule = EkChoice::Rule::OfTemplate)
{
    ProductProfile profile;
    profile.policy.endorsementKey = {kind, rule};
    profile.policy.severities["ek-not-persistent"] = Severity::Hold; // as profiles of production have it
    return profile;
}

} // namespace

class tst_profile_remarks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysThatEachDeviceIsHeld()
    {
        const auto remarks = profileRemarks(profileOf(EkTemplate::TcgL2));
        QCOMPARE(remarks.size(), std::size_t{1});
        QVERIFY(remarks.front().find("ecc-p256") != std::string::npos);
        QVERIFY(remarks.front().find("ek-not-where-sdks-look") != std::string::npos);
        QVERIFY(remarks.front().find("0x8101000a") != std::string::npos);
    }

    void saysWhereNoDeviceCanPass()
    {
        using enroll::attestation::Persistence;
        auto profile = profileOf(EkTemplate::TcgH3);
        const auto says = [&profile](const char* words) {
            return profileRemarks(profile).front().find(words) != std::string::npos;
        };
        QVERIFY(says("0x81010016") && !says("no device passes") && says("what ek-not-persistent does"));
        profile.policy.persistAfterPass.endorsementKey = Persistence::PersistIfAbsent;
        QVERIFY(says("no device passes but one that has it at 0x81010001 alone"));
        profile.policy.severities["ek-not-where-sdks-look"] = Severity::Hold;
        QVERIFY(!says("what ek-not-persistent does"));
    }

    /// As the severity stands, whichever key of the file it came from.
    void followsTheSeverity()
    {
        auto profile = profileOf(EkTemplate::TcgL2);
        profile.policy.severities["ek-not-where-sdks-look"] = Severity::Warning;
        QVERIFY(profileRemarks(profile).empty());
        profile.policy.severities["ek-not-where-sdks-look"] = Severity::Fail;
        QCOMPARE(profileRemarks(profile).size(), std::size_t{1});
        profile.policy.severities.clear();
        QVERIFY(profileRemarks(profile).empty());
    }

    void isSilentOfKeysThatSdksShow()
    {
        QVERIFY(profileRemarks(profileOf(EkTemplate::TcgL1, EkChoice::Rule::AtHandle)).empty());
        for (const auto& word : enroll::attestation::ekChoiceWords()) {
            const auto shown = *word.choice.row().handle == enroll::attestation::kDeviceSdkHandle;
            const auto isMade = [&word](const auto& sdk) { return sdk.makes == word.choice.kind; };
            QVERIFY(shown || std::ranges::none_of(enroll::attestation::deviceSdks(), isMade));
            QCOMPARE(profileRemarks(profileOf(word.choice.kind, word.choice.rule)).empty(), shown);
        }
    }
};

QTEST_APPLESS_MAIN(tst_profile_remarks)
#include "tst_profile_remarks.moc"

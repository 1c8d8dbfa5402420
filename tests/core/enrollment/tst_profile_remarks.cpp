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
            auto profile = profileOf(word.choice.kind, word.choice.rule);
            profile.policy.deviceSdk = "dps-csharp-sdk";
            QCOMPARE(profileRemarks(profile).empty(), shown);
        }
    }

    /// Which key a device shows depends on its SDK, and none is named.
    void saysThatTheSdkIsUnknown_data()
    {
        QTest::addColumn<QByteArray>("word");
        QTest::newRow("of the TCG") << QByteArray{"tcg-default"};
        QTest::newRow("the same by its template's word") << QByteArray{"tcg-l1"};
        QTest::newRow("of the C SDK") << QByteArray{"azure-empty-unique"};
    }
    void saysThatTheSdkIsUnknown()
    {
        QFETCH(const QByteArray, word);
        const auto words = enroll::attestation::ekChoiceWords();
        const auto meant = std::ranges::find(words, word.toStdString(), &enroll::attestation::EkChoiceWord::word);
        QVERIFY(meant != words.end());
        auto profile = profileOf(meant->choice.kind, meant->choice.rule);
        const auto remarks = profileRemarks(profile);
        QCOMPARE(remarks.size(), std::size_t{1});
        QVERIFY2(remarks.front().find("device_sdk") != std::string::npos, remarks.front().c_str());
        QVERIFY2(remarks.front().find("is held") != std::string::npos, remarks.front().c_str());
        const auto makes = remarks.front().find(" make this key and ");
        for (const auto& sdk : enroll::attestation::deviceSdks()) {
            QVERIFY2((sdk.makes == meant->choice.kind) == (remarks.front().find(sdk.who) < makes),
                     remarks.front().c_str());
        }
        profile.policy.severities.clear(); // a warning, and the device passes
        QVERIFY(profileRemarks(profile).front().find("passes with a warning") != std::string::npos);
    }

    void isSilentWhereTheShownKeyIsKnown()
    {
        using enroll::attestation::Persistence;
        const auto unknown = profileOf(EkTemplate::TcgL1);
        auto profile = unknown;
        profile.policy.deviceSdk = "dps-csharp-sdk";
        QVERIFY(profileRemarks(profile).empty());
        profile = unknown;
        profile.policy.persistAfterPass.endorsementKey = Persistence::PersistIfAbsent;
        QVERIFY(profileRemarks(profile).empty());
        profile = unknown;
        profile.policy.severities["ek-not-persistent"] = Severity::Info;
        QVERIFY(profileRemarks(profile).empty());
    }
};

QTEST_APPLESS_MAIN(tst_profile_remarks)
#include "tst_profile_remarks.moc"

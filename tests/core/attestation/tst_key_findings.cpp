#include "core/attestation/device_sdk.h"
#include "core/attestation/handle_range.h"
#include "core/attestation/key_findings.h"
#include "core/attestation/verdict.h"
#include "core/base/device_code.h"

#include <QTest>

#include <algorithm>

using namespace enroll;
using namespace enroll::attestation;

namespace {

std::optional<Severity> severityOf(const std::vector<Finding>& findings, std::string_view id)
{
    const auto found = std::ranges::find(findings, id, &Finding::id);
    return found == findings.end() ? std::nullopt : knownIn(std::optional{found->severity});
}

} // namespace

namespace {
constexpr auto kElsewhere = "ek-not-where-sdks-look";
}

class tst_key_findings : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void mentionsAnotherKeyWhereDeviceSdksLook()
    {
        EndorsementKeyReading reading;
        reading.source.persistentHandle = kDeviceSdkHandle;
        QVERIFY(keyFindings(reading, {}).empty());
        reading.otherKeyAt = kDeviceSdkHandle;
        const auto found = keyFindings(reading, {});
        QVERIFY(severityOf(found, "ek-other-at-handle") == Severity::Info);
        QVERIFY(!found.front().code);
        QVERIFY(found.front().text.find("0x81010001") != std::string::npos);
        reading.otherKeyAt.reset();
        reading.certifiedKeyAt = 0x81010016;
        QVERIFY(keyFindings(reading, {}).front().text.find("0x81010016") != std::string::npos);
        QVERIFY(severityOf(keyFindings(reading, {}), "ek-certified-at-other-handle") == Severity::Info);
    }

    void warnsOfAKeyThatDoesNotStay()
    {
        const EndorsementKeyReading created;
        AttestationPolicy policy;
        QCOMPARE(severityOf(persistenceFindings(created, true, policy), "ek-not-persistent"), Severity::Warning);
        policy.severities = {{"ek-not-persistent", Severity::Hold}};
        QCOMPARE(judge(persistenceFindings(created, true, policy)),
                 (Verdict{Outcome::Hold, DeviceCode::MayShowOtherKey}));
        policy.persistAfterPass.endorsementKey = Persistence::PersistIfAbsent;
        QVERIFY(persistenceFindings(created, true, policy).empty());
        QVERIFY(!persistenceFindings(created, false, policy).empty()); // such a key is never made persistent
        EndorsementKeyReading persistent;
        persistent.source.persistentHandle = kDeviceSdkHandle;
        QVERIFY(persistenceFindings(persistent, false, {}).empty());
    }

    /// What the profile enrolls by its template is shown in the field if it is there. No template is that of every device
    /// SDK, and the finding says who shows another key.
    void aKeyThatADeviceSdkDoesNotMakeHasToStay_data()
    {
        QTest::addColumn<int>("kind");
        for (const auto& row : ekCatalog()) {
            QTest::newRow(std::string{*row.word}.c_str()) << static_cast<int>(*row.kind);
        }
        QTest::newRow("of the maker's template in NV") << static_cast<int>(EkTemplate::Nv);
    }
    void aKeyThatADeviceSdkDoesNotMakeHasToStay()
    {
        QFETCH(int, kind);
        EndorsementKeyReading reading;
        reading.templateKind = static_cast<EkTemplate>(kind);
        AttestationPolicy policy;
        policy.endorsementKey = {EkTemplate::TcgL1, EkChoice::Rule::OfTemplate};
        const auto found = persistenceFindings(reading, true, policy);
        QVERIFY(severityOf(found, "ek-not-persistent") == Severity::Warning);
        const auto& text = found.front().text;
        const auto thisOne = text.find("; this one by ");
        for (const auto& sdk : deviceSdks()) {
            QVERIFY2(text.find(sdk.who) != std::string::npos, text.c_str());
            QVERIFY2((sdk.makes == reading.templateKind) == (text.find(sdk.who) > thisOne), text.c_str());
        }
        policy.persistAfterPass.endorsementKey = Persistence::PersistIfAbsent;
        QVERIFY(persistenceFindings(reading, true, policy).empty());
        QVERIFY(!persistenceFindings(reading, false, policy).empty());
        reading.otherKeyAt = kDeviceSdkHandle; // which device SDKs take, and make none
        reading.handleTaken = true;
        QVERIFY(!persistenceFindings(reading, true, policy).empty());
    }

    void aKeyThatTheProductsSdkMakesNeedNotStay()
    {
        for (const auto& sdk : deviceSdks()) {
            AttestationPolicy policy;
            policy.deviceSdk = sdk.who;
            for (const auto& row : ekCatalog()) {
                EndorsementKeyReading reading;
                reading.templateKind = *row.kind;
                const auto found = persistenceFindings(reading, false, policy);
                QCOMPARE(found.empty(), sdk.makes == *row.kind);
                QVERIFY(found.empty() || found.front().text.find(sdk.who) != std::string::npos);
                reading.otherKeyAt = kDeviceSdkHandle;
                QVERIFY(!persistenceFindings(reading, false, policy).empty());
            }
        }
    }

    /// A handle of its own is none at which a device SDK looks, and the key there none that it makes.
    void aKeyAtAHandleOfItsOwnIsNotShown_data()
    {
        QTest::addColumn<uint>("at");
        QTest::addColumn<bool>("keeps");
        QTest::addColumn<bool>("copied");
        QTest::addColumn<QByteArray>("finding");
        QTest::newRow("made, and left") << 0U << false << false << QByteArray{"ek-not-persistent"};
        QTest::newRow("made, and kept") << 0U << true << false << QByteArray{kElsewhere};
        QTest::newRow("persistent") << 0x81010016U << false << false << QByteArray{kElsewhere};
        QTest::newRow("persistent, where keys are kept") << 0x81010016U << true << false << QByteArray{kElsewhere};
        QTest::newRow("copied to the SDKs' handle") << 0x81010016U << false << true << QByteArray{kElsewhere};
        QTest::newRow("at the SDKs' handle") << 0x81010001U << true << false << QByteArray{};
    }
    void aKeyAtAHandleOfItsOwnIsNotShown()
    {
        QFETCH(const uint, at);
        QFETCH(const bool, keeps);
        QFETCH(const bool, copied);
        QFETCH(const QByteArray, finding);
        EndorsementKeyReading reading;
        reading.templateKind = EkTemplate::TcgH3;
        reading.source.persistentHandle = at == 0 ? std::nullopt : std::optional<std::uint32_t>{at};
        reading.copyAt = copied ? std::optional{kDeviceSdkHandle} : std::nullopt;
        AttestationPolicy policy;
        policy.endorsementKey = {EkTemplate::TcgH3, EkChoice::Rule::OfTemplate};
        policy.persistAfterPass.endorsementKey = keeps ? Persistence::PersistIfAbsent : Persistence::LeaveAsIs;
        policy.severities = {{"ek-not-persistent", Severity::Hold}};
        const auto found = persistenceFindings(reading, true, policy);
        QCOMPARE(found.empty(), finding.isEmpty());
        QVERIFY(found.empty() || severityOf(found, finding.toStdString()) == Severity::Hold);
        QVERIFY(finding != kElsewhere || found.front().text.starts_with("The key lies at") == (at != 0));
        policy.severities["ek-not-where-sdks-look"] = Severity::Info; // a device with software of its own
        const bool held = judge(persistenceFindings(reading, true, policy)).outcome == Outcome::Hold;
        QCOMPARE(held, finding == "ek-not-persistent");
    }

    /// One key that is persistent at another handle has the same code as one that is not persistent at all.
    void theNextStepIsTrueOfEachFindingThatHasIt()
    {
        for (const auto* id : {"ek-not-persistent", kElsewhere, "ek-other-at-handle"}) {
            AttestationPolicy policy;
            policy.severities = {{id, Severity::Hold}};
            const auto code = knownIn(makeFinding(policy, id, "It was seen.").code);
            QVERIFY(code == DeviceCode::MayShowOtherKey);
            QVERIFY(describe(*code).instruction.find("persistent") == std::string_view::npos);
        }
    }

    /// Whoever does what is advised is not advised the opposite.
    void theAdviceForACopyEndsInAPass()
    {
        constexpr std::uint32_t own = 0x81010016;
        EndorsementKeyReading reading;
        reading.templateKind = EkTemplate::TcgH3;
        reading.source.persistentHandle = own;
        reading.copyAt = kDeviceSdkHandle;
        AttestationPolicy policy;
        policy.endorsementKey = {EkTemplate::TcgH3, EkChoice::Rule::OfTemplate};
        for (const auto severity : {Severity::Warning, Severity::Hold}) {
            policy.severities = {{kElsewhere, severity}};
            const auto evict = severity == Severity::Hold ? own : kDeviceSdkHandle;
            const auto found = persistenceFindings(reading, true, policy);
            QVERIFY(severityOf(found, kElsewhere) == severity);
            QCOMPARE(found.front().text, copyText(reading, policy));
            QVERIFY(found.front().text.find("Evict it at " + handleText(evict)) != std::string::npos);
            auto followed = reading;
            followed.copyAt.reset();
            followed.source.persistentHandle = evict == own ? kDeviceSdkHandle : own;
            QCOMPARE(judge(persistenceFindings(followed, true, policy)).outcome, Outcome::Pass);
        }
    }
};

QTEST_GUILESS_MAIN(tst_key_findings)
#include "tst_key_findings.moc"

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

    /// What the profile enrolls by its template is shown in the field if a device SDK makes it, or else if it is there.
    void aKeyThatNoDeviceSdkMakesHasToStay_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("isMade");
        for (const auto& row : ekCatalog()) {
            const auto kind = *row.kind;
            QTest::newRow(std::string{*row.word}.c_str())
                << static_cast<int>(kind) << (kind == EkTemplate::TcgL1 || kind == EkTemplate::AzureEmptyUnique);
        }
        QTest::newRow("of the maker's template in NV") << static_cast<int>(EkTemplate::Nv) << false;
    }
    void aKeyThatNoDeviceSdkMakesHasToStay()
    {
        QFETCH(int, kind);
        QFETCH(bool, isMade);
        EndorsementKeyReading reading;
        reading.templateKind = static_cast<EkTemplate>(kind);
        AttestationPolicy policy;
        policy.endorsementKey = {EkTemplate::TcgH1, EkChoice::Rule::OfTemplate};
        QCOMPARE(persistenceFindings(reading, true, policy).empty(), isMade);
        policy.persistAfterPass.endorsementKey = Persistence::PersistIfAbsent;
        QVERIFY(persistenceFindings(reading, true, policy).empty());
        QCOMPARE(persistenceFindings(reading, false, policy).empty(), isMade);
        reading.otherKeyAt = kDeviceSdkHandle; // which device SDKs take, and make none
        reading.handleTaken = true;
        QVERIFY(!persistenceFindings(reading, true, policy).empty());
    }
};

QTEST_GUILESS_MAIN(tst_key_findings)
#include "tst_key_findings.moc"

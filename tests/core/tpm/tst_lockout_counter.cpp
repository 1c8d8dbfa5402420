#include "core/attestation/attest_device.h"
#include "core/base/device_code.h"
#include "tests/core/tpm/device_tpm_steps.h"
#include "tests/support/must.h"
#include "tests/support/recording_steps.h"
#include "tests/support/swtpm_fixture.h"

#include <QTest>

#include <algorithm>

// What a test costs a TPM of the tries that it allows before it locks itself: nothing.

namespace enroll::test {
namespace {

using namespace attestation;
using C = DeviceCode;
using Commands = std::vector<std::vector<std::string>>;

void run(const SwtpmFixture& tpm, const Commands& commands)
{
    for (const auto& command : commands) {
        if (const auto output = tpm.tool(command); output.exitCode != 0) {
            qFatal("%s: %s", command.front().c_str(), output.standardError.c_str());
        }
    }
}

std::uint32_t failedTries(const SwtpmFixture& tpm)
{
    auto device = tpmAt(tpm.address());
    must(device->connect());
    return must(device->readState()).failedTries;
}

/// A storage root key as tpm2_createprimary makes it: under protection against guessing.
Commands storageRootKey(const char* password)
{
    std::vector<std::string> create{"tpm2_createprimary", "-Q", "-C", "o", "-c", "srk.ctx"};
    if (*password != '\0') {
        create.insert(create.end(), {"-p", password});
    }
    return {create, {"tpm2_evictcontrol", "-Q", "-C", "o", "-c", "srk.ctx", "0x81000001"}, {"tpm2_flushcontext", "-t"}};
}

/// The certificate's index anew: nobody but its own password reads it, under protection against guessing.
void certificateOfItsOwn(const SwtpmFixture& tpm, const char* password)
{
    run(tpm, {{"tpm2_nvread", "0x1C00002", "-o", "certificate"}, {"tpm2_nvundefine", "-C", "p", "0x1C00002"}});
    const auto size = std::filesystem::file_size(tpm.directory() / "certificate");
    std::vector<std::string> define{
        "tpm2_nvdefine", "-C", "p", "-a", "authread|ppwrite|platformcreate", "-s", std::to_string(size), "0x1C00002"};
    if (*password != '\0') {
        define.insert(define.end(), {"-p", password});
    }
    run(tpm, {define, {"tpm2_nvwrite", "-C", "p", "-i", "certificate", "0x1C00002"}});
}

AttestationReport attest(const SwtpmFixture& tpm, EkTemplate kind = EkTemplate::TcgL1)
{
    AttestationPolicy policy;
    policy.allowSoftware = true;
    policy.endorsementKey = {kind, EkChoice::Rule::OfTemplate};
    auto device = tpmAt(tpm.address());
    RecordingSteps steps;
    return attestDevice({policy, tpm.anchors(), utcNow()}, *device, steps, {});
}

bool saysHowManyTriesAreUsed(const AttestationReport& report)
{
    return std::ranges::any_of(report.findings, [](const auto& finding) {
        return finding.id == "ek-certificate-malformed" && finding.text.find("1 of ") != std::string::npos;
    });
}

} // namespace

class tst_lockout_counter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// Power goes right after each test, as when a person pulls the plug.
    void aTestAndAPulledPlugCostNoTry_data()
    {
        QTest::addColumn<bool>("ownIndex");
        QTest::addColumn<bool>("ownStorageRootKey");
        QTest::addColumn<int>("kind");
        QTest::newRow("storage root key") << false << true << static_cast<int>(EkTemplate::TcgL1);
        QTest::newRow("endorsement key of the high range") << false << false << static_cast<int>(EkTemplate::TcgH3);
        QTest::newRow("index of the certificate") << true << false << static_cast<int>(EkTemplate::TcgL1);
    }
    void aTestAndAPulledPlugCostNoTry()
    {
        QFETCH(const bool, ownIndex);
        QFETCH(const bool, ownStorageRootKey);
        QFETCH(const int, kind);
        SwtpmFixture tpm;
        if (ownIndex) {
            certificateOfItsOwn(tpm, "");
        }
        if (ownStorageRootKey) {
            run(tpm, storageRootKey(""));
        }
        run(tpm, {{"tpm2_shutdown", "-c"}});
        for (int test = 0; test < 2; ++test) {
            tpm.restart();
            const auto report = attest(tpm, static_cast<EkTemplate>(kind));
            QCOMPARE(report.verdict, (Verdict{Outcome::Pass, {}}));
        }
        tpm.restart();
        QCOMPARE(failedTries(tpm), 0U);
    }

    void aPasswordIsTriedOnce()
    {
        const SwtpmFixture tpm;
        run(tpm, storageRootKey("secret"));
        const auto first = attest(tpm);
        QCOMPARE(first.verdict, (Verdict{Outcome::Hold, C::TpmHierarchyLocked}));
        QVERIFY2(first.error->what.find("counts") != std::string::npos, first.error->what.c_str());
        QCOMPARE(failedTries(tpm), 1U);
        for (int again = 0; again < 3; ++again) {
            QCOMPARE(attest(tpm).verdict, (Verdict{Outcome::Hold, C::TpmLockedOut}));
            QCOMPARE(failedTries(tpm), 1U);
        }
        QCOMPARE(tpm.loadedHandles(), std::string{});
    }

    void thePasswordOfACertificateIsTriedOnce()
    {
        const SwtpmFixture tpm;
        certificateOfItsOwn(tpm, "secret");
        const auto first = attest(tpm);
        QCOMPARE(first.verdict, (Verdict{Outcome::Hold, C::TpmHierarchyLocked}));
        QVERIFY2(first.error->what.find("counts") != std::string::npos, first.error->what.c_str());
        QCOMPARE(failedTries(tpm), 1U);
        for (int again = 0; again < 3; ++again) {
            const auto report = attest(tpm);
            QCOMPARE(report.verdict, (Verdict{Outcome::Hold, C::EkCertificateMalformed}));
            QVERIFY(saysHowManyTriesAreUsed(report));
            QCOMPARE(failedTries(tpm), 1U);
        }
        QCOMPARE(tpm.loadedHandles(), std::string{});
    }

    /// A key that a policy alone authorises is known by its public area.
    void aPolicyOfAStorageRootKeyIsNotTried()
    {
        const SwtpmFixture tpm;
        run(tpm, {{"tpm2_createpolicy", "--policy-pcr", "-l", "sha256:0", "-L", "some.policy"},
                  {"tpm2_createprimary", "-Q", "-C", "o", "-c", "srk.ctx", "-L", "some.policy", "-a",
                   "fixedtpm|fixedparent|sensitivedataorigin|restricted|decrypt|adminwithpolicy"},
                  {"tpm2_evictcontrol", "-Q", "-C", "o", "-c", "srk.ctx", "0x81000001"},
                  {"tpm2_flushcontext", "-t"}});
        QCOMPARE(attest(tpm).verdict, (Verdict{Outcome::Hold, C::NotAsShipped}));
        QCOMPARE(failedTries(tpm), 0U);
    }

    /// The policy authorises a key of the high range: no try of anybody stands in its way.
    void aKeyWithAPolicyIsUsedAfterTries()
    {
        const SwtpmFixture tpm;
        run(tpm, storageRootKey("secret"));
        static_cast<void>(attest(tpm));
        tpm.evict("0x81000001");
        QCOMPARE(failedTries(tpm), 1U);
        QCOMPARE(attest(tpm, EkTemplate::TcgH3).verdict, (Verdict{Outcome::Pass, {}}));
        run(tpm, {{"tpm2_changeauth", "-c", "e", "secret"}});
        QCOMPARE(attest(tpm, EkTemplate::TcgH3).verdict, (Verdict{Outcome::Hold, C::TpmLockedOut}));
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_lockout_counter)
#include "tst_lockout_counter.moc"

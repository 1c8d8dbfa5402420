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

AttestationReport attest(const SwtpmFixture& tpm, const crypto::TrustStore& anchors, EkTemplate kind)
{
    AttestationPolicy policy;
    policy.allowSoftware = true;
    policy.endorsementKey = {kind, EkChoice::Rule::OfTemplate};
    auto device = tpmAt(tpm.address());
    RecordingSteps steps;
    return attestDevice({policy, anchors, utcNow()}, *device, steps, {});
}

AttestationReport attest(const SwtpmFixture& tpm, EkTemplate kind = EkTemplate::TcgL1)
{
    return attest(tpm, tpm.anchors(), kind);
}

/// An index of the maker's that its own password alone reads, under protection against guessing.
void addIndexWithAPassword(const SwtpmFixture& tpm, const char* index)
{
    run(tpm, {{"tpm2_nvdefine", "-C", "p", "-a", "authread|ppwrite|platformcreate", "-s", "4", "-p", "secret", index},
              {"tpm2_getrandom", "-o", "four", "4"},
              {"tpm2_nvwrite", "-C", "p", "-i", "four", index}});
}

bool namesAnIndexThatIsNotGivenOut(const std::vector<Finding>& findings, std::string_view index)
{
    return std::ranges::any_of(findings, [index](const auto& finding) {
        return finding.id == "nv-index-not-readable" && finding.text.find(index) != std::string::npos;
    });
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

    /// What a test can do without is not worth a try: the certificates of issuers, the maker's template.
    void anIndexThatATestCanDoWithoutIsNotTried_data()
    {
        QTest::addColumn<QByteArray>("index");
        QTest::addColumn<bool>("knowsTheIssuer");
        QTest::newRow("issuer") << QByteArray{"0x01c00100"} << false;
        QTest::newRow("template") << QByteArray{"0x01c00004"} << true;
        QTest::newRow("nonce") << QByteArray{"0x01c00003"} << true;
    }
    void anIndexThatATestCanDoWithoutIsNotTried()
    {
        QFETCH(const QByteArray, index);
        QFETCH(const bool, knowsTheIssuer);
        const SwtpmFixture tpm;
        tpm.evict("0x81010001"); // the key is made
        addIndexWithAPassword(tpm, index.constData());
        const Verdict expected =
            knowsTheIssuer ? Verdict{Outcome::Pass, {}} : Verdict{Outcome::Hold, C::EkCertificateUntrusted};
        for (int test = 0; test < 2; ++test) {
            const auto report = attest(tpm, knowsTheIssuer ? tpm.anchors() : crypto::TrustStore{}, EkTemplate::TcgL1);
            QVERIFY2(report.verdict == expected, report.error ? report.error->what.c_str() : "");
            QVERIFY(namesAnIndexThatIsNotGivenOut(report.findings, index.toStdString()));
            QCOMPARE(failedTries(tpm), 0U);
        }
    }

    /// No try is spent on an index while another may hold the certificate.
    void aCertificateInAnotherIndexIsFoundWithoutATry()
    {
        const SwtpmFixture tpm;
        certificateOfItsOwn(tpm, "secret");
        const auto size = std::to_string(std::filesystem::file_size(tpm.directory() / "certificate"));
        run(tpm, {{"tpm2_nvdefine", "-C", "p", "-a", "ownerread|ppwrite|platformcreate|no_da", "-s", size, "0x1C00012"},
                  {"tpm2_nvwrite", "-C", "p", "-i", "certificate", "0x1C00012"}});
        QCOMPARE(attest(tpm).verdict, (Verdict{Outcome::Pass, {}}));
        QCOMPARE(failedTries(tpm), 0U);
    }

    /// To look at the keys costs nothing, and one that is not given out whole is shown beside the others.
    void aLookAtTheKeysCostsNoTry()
    {
        const SwtpmFixture tpm;
        certificateOfItsOwn(tpm, "secret");
        for (const auto* index : {"0x01c00014", "0x01c00004"}) {
            addIndexWithAPassword(tpm, index);
        }
        auto device = tpmAt(tpm.address());
        must(device->connect());
        const auto keys = device->readAllEndorsementKeys({});
        QVERIFY2(keys.ok(), keys ? "" : describeForLog(keys.error()).c_str());
        QCOMPARE(keys->readings.size(), std::size_t{8});
        const auto& enrolled = keys->readings.front();
        QVERIFY(enrolled.certificateUnreadable.find("0x01c00002") != std::string::npos);
        QVERIFY(enrolled.recipeUnreadable.find("0x01c00004") != std::string::npos);
        const auto p256 = std::ranges::find(keys->readings, EkTemplate::TcgH2, &EndorsementKeyReading::templateKind);
        QVERIFY(p256->certificateUnreadable.find("0x01c00014") != std::string::npos);
        must(device->release());
        QCOMPARE(failedTries(tpm), 0U);
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

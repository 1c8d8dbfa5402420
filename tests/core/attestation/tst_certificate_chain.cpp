#include "core/base/device_code.h"
#include "tests/core/attestation/attestation_bench.h"
#include "tests/support/certificate_maker.h"

#include <QTest>

using namespace enroll;
using namespace enroll::attestation;
using namespace enroll::test;

namespace {

const UtcTime kPast{std::chrono::sys_days{std::chrono::year{2021} / 1 / 1}};

/// A genuine device below an intermediate authority, of which the station and the TPM may know different certificates.
struct Maker {
    TestKey rootKey = TestKey::ecc();
    TestKey issuerKey = TestKey::ecc();
    crypto::Certificate root = makeCertificate(authorityPlan("Root", "Root"), rootKey, rootKey);
    crypto::Certificate current = makeCertificate(authorityPlan("Issuer", "Root"), issuerKey, rootKey);
    crypto::Certificate former = expired(rootKey);
    Bench bench;

    Maker()
    {
        CertificatePlan plan;
        plan.issuer = "Issuer";
        bench.tpm.setCertificateNv(makeCertificate(plan, TestKey::fromPem(keys().endorsementKey.pem), issuerKey).der());
        bench.anchors = {};
        know(root);
    }

    void know(const crypto::Certificate& certificate) { QVERIFY(bench.anchors.add(certificate).ok()); }

    [[nodiscard]] crypto::Certificate expired(const TestKey& signer) const
    {
        auto plan = authorityPlan("Issuer", "Root");
        plan.notAfter = kPast;
        plan.serial = 0x2002;
        return makeCertificate(plan, issuerKey, signer);
    }
};

} // namespace

class tst_certificate_chain : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isJudgedBesideWhatCannotBeRead()
    {
        Bench bench;
        const auto good = bench.authority.issue(keys().endorsementKey.pem);
        bench.tpm.setCertificateNv(concat({good, fromHex("3003020101").value()}));
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Pass, {}}));
        QVERIFY(hasFinding(report, "ek-certificate-partly-unreadable"));
        bench.policy.severities = {{"ek-certificate-partly-unreadable", Severity::Hold}};
        QCOMPARE(bench.attest().verdict, (Verdict{Outcome::Hold, DeviceCode::EkCertificateMalformed}));
        bench.tpm.setCertificateNv(good);
        QVERIFY(!hasFinding(bench.attest(), "ek-certificate-partly-unreadable"));
    }

    void isNotReadWhereTheStationKnowsTheIssuers()
    {
        Maker maker;
        maker.know(maker.current);
        QCOMPARE(maker.bench.attest().verdict, (Verdict{Outcome::Pass, {}}));
        QCOMPARE(maker.bench.tpm.count(TpmCall::ReadCertificateChain), 0);
    }

    void bringsAnIssuerThatTheStationDoesNotKnow()
    {
        Maker maker;
        QCOMPARE(maker.bench.attest().verdict, (Verdict{Outcome::Hold, DeviceCode::EkCertificateUntrusted}));
        maker.bench.tpm.setCertificateChain(maker.current.der());
        QCOMPARE(maker.bench.attest().verdict, (Verdict{Outcome::Pass, {}}));
    }

    void bringsTheRenewedIssuerOfAnExpiredOne()
    {
        Maker maker;
        maker.know(maker.former);
        QVERIFY(hasFinding(maker.bench.attest(), "ek-certificate-issuer-expired"));
        maker.bench.tpm.setCertificateChain(maker.current.der());
        const auto report = maker.bench.attest();
        QVERIFY(!hasFinding(report, "ek-certificate-issuer-expired"));
        QCOMPARE(report.verdict, (Verdict{Outcome::Pass, {}}));
    }

    void doesNotSpoilWhatTheStationFound()
    {
        Maker maker;
        maker.know(maker.former);
        maker.bench.policy.severities.insert_or_assign("ek-certificate-issuer-expired", Severity::Warning);
        maker.bench.tpm.setCertificateChain(maker.expired(maker.issuerKey).der()); // not the root's work
        QCOMPARE(maker.bench.attest().verdict, (Verdict{Outcome::Pass, {}}));
    }
};

QTEST_GUILESS_MAIN(tst_certificate_chain)
#include "tst_certificate_chain.moc"

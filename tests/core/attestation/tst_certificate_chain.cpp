#include "core/base/device_code.h"
#include "tests/core/attestation/attestation_bench.h"
#include "tests/support/certificate_maker.h"
#include "tests/support/revocation_list_maker.h"

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
        bench.tpm.setCertificateNv(leaf(0x1001));
        bench.anchors = {};
        know(root);
    }

    void know(const crypto::Certificate& certificate) { QVERIFY(bench.anchors.add(certificate).ok()); }

    [[nodiscard]] Bytes leaf(long serial) const
    {
        CertificatePlan plan;
        plan.issuer = "Issuer";
        plan.serial = serial;
        return makeCertificate(plan, TestKey::fromPem(keys().endorsementKey.pem), issuerKey).der();
    }

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

    /// A person can look for the authority that is missing, and no address is ever followed.
    void namesTheAuthorityThatIsMissing()
    {
        Maker maker;
        CertificatePlan plan;
        plan.issuer = "Issuer";
        plan.extensions = {{"authorityKeyIdentifier", "DER:30068004c0ffee01"},
                           {"authorityInfoAccess", "caIssuers;URI:http://ca.example/issuer.crt"}};
        const auto key = TestKey::fromPem(keys().endorsementKey.pem);
        maker.bench.tpm.setCertificateNv(makeCertificate(plan, key, maker.issuerKey).der());
        const auto report = maker.bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Hold, DeviceCode::EkCertificateUntrusted}));
        const auto& missing = report.facts.endorsementKey->certificate->missingIssuer;
        QVERIFY((missing == MissingIssuer{"CN=Issuer", "c0ffee01", {"http://ca.example/issuer.crt"}}));
        const auto finding = std::ranges::find(report.findings, "ek-certificate-unknown-issuer", &Finding::id);
        QVERIFY(finding != report.findings.end());
        for (const auto* part : {"CN=Issuer", "c0ffee01", "http://ca.example/issuer.crt"}) {
            QVERIFY2(finding->text.find(part) != std::string::npos, finding->text.c_str());
        }
        maker.know(maker.current);
        QVERIFY(!maker.bench.attest().facts.endorsementKey->certificate->missingIssuer);
    }

    void saysOfWhichModelTheMakerMadeIt()
    {
        Bench bench;
        const auto certificate = bench.attest().facts.endorsementKey->certificate;
        QCOMPARE(certificate->manufacturer, std::optional<std::string>{"id:49465800"});
        QVERIFY(certificate->model && certificate->version);
        bench.tpm.setCertificateNv(bench.authority.issue(keys().endorsementKey.pem, {.manufacturer = ""}));
        const auto silent = bench.attest().facts.endorsementKey->certificate;
        QVERIFY(!silent->manufacturer && !silent->model && !silent->version);
    }

    void oneOfTheFirstVersionIsNoForgery()
    {
        Maker maker;
        maker.know(maker.current);
        CertificatePlan plan;
        plan.issuer = "Issuer";
        plan.version = 1;
        const auto key = TestKey::fromPem(keys().endorsementKey.pem);
        maker.bench.tpm.setCertificateNv(makeCertificate(plan, key, maker.issuerKey).der());
        QCOMPARE(maker.bench.attest().verdict, (Verdict{Outcome::Hold, DeviceCode::EkCertificateOldForm}));
    }

    void theBestOfTheKeyCountsInAnyOrder_data()
    {
        QTest::addColumn<bool>("makersFirst");
        QTest::newRow("the maker's first") << true;
        QTest::newRow("the maker's last") << false;
    }
    void theBestOfTheKeyCountsInAnyOrder()
    {
        QFETCH(const bool, makersFirst);
        const auto store = [makersFirst](Bench& bench, const Bytes& makers, const Bytes& other) {
            bench.tpm.setCertificateNv(makersFirst ? concat({makers, other}) : concat({other, makers}));
        };
        Bench bench;
        const auto good = bench.authority.issue(keys().endorsementKey.pem);
        store(bench, good, EkAuthority{}.issue(keys().endorsementKey.pem)); // of the same names, and nobody trusts it
        QCOMPARE(bench.attest().verdict, (Verdict{Outcome::Pass, {}}));
        const auto old = bench.authority.issue(keys().endorsementKey.pem, {.validUntil = std::chrono::days{-1}});
        store(bench, good, old);
        QCOMPARE(bench.attest().verdict, (Verdict{Outcome::Pass, {}}));
        QVERIFY(!hasFinding(bench.attest(), "ek-certificate-expired"));
    }

    void aRevokedOneOfTheKeyIsNotOutweighed()
    {
        Maker maker;
        maker.know(maker.current);
        const auto revoked = maker.leaf(0x1001);
        const auto other = maker.leaf(0x1002);
        maker.bench.anchors.addRevocationList(makeRevocationList({.serials = {0x1001}}, maker.issuerKey));
        for (const auto& content : {revoked, concat({revoked, other}), concat({other, revoked})}) {
            maker.bench.tpm.setCertificateNv(content);
            QCOMPARE(maker.bench.attest().verdict, (Verdict{Outcome::Fail, DeviceCode::EkCertificateRevoked}));
        }
    }

    void bringsNothingThatOutweighsARevokedIssuer()
    {
        Maker maker;
        maker.know(maker.former); // serial number 0x2002
        const auto leaf = maker.leaf(0x1001);
        const auto plan = RevocationPlan{.issuer = "Root", .serials = {0x2002}};
        maker.bench.anchors.addRevocationList(makeRevocationList(plan, maker.rootKey));
        maker.bench.tpm.setCertificateNv(concat({leaf, maker.current.der()}));
        QCOMPARE(maker.bench.attest().verdict, (Verdict{Outcome::Fail, DeviceCode::EkCertificateRevoked}));
        maker.bench.tpm.setCertificateNv(leaf);
        maker.bench.tpm.setCertificateChain(maker.current.der());
        QCOMPARE(maker.bench.attest().verdict, (Verdict{Outcome::Fail, DeviceCode::EkCertificateRevoked}));
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

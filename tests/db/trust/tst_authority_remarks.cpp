#include "db/trust/authority_remarks.h"
#include "tests/support/revocation_list_maker.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::db::trust;
using namespace enroll::test;

class TstAuthorityRemarks : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void findsWhatAnchorsAnIntermediate();
    void saysNothingOfAGoodAnchor();
    void saysThatAnAnchorIsNoLongerNeeded();
    void saysThatAnAnchorIsRevoked();
    void warns_data();
    void warns();

private:
    const UtcTime m_now{std::chrono::sys_days{std::chrono::year{2030} / 6 / 1}};
    TestKey m_key = TestKey::ecc();
    crypto::Certificate m_root = makeCertificate(authorityPlan("Root", "Root"), m_key, m_key);

    /// The remarks on an authority made from \p plan beside the root.
    [[nodiscard]] AuthorityRemarks remarksOnOne(const CertificatePlan& plan) const
    {
        crypto::TrustStore store;
        const auto authority = makeCertificate(plan, m_key, m_key);
        (void)store.add(m_root).value();
        (void)store.add(authority).value();
        return remarksOn(authority, store, m_now);
    }
};

void TstAuthorityRemarks::findsWhatAnchorsAnIntermediate()
{
    const auto remarks = remarksOnOne(authorityPlan("Below", "Root"));
    QVERIFY(remarks.warnings.empty());
    QVERIFY(remarks.anchor);
    QCOMPARE(remarks.anchor->sha256Hex(), m_root.sha256Hex());
}

void TstAuthorityRemarks::saysNothingOfAGoodAnchor()
{
    auto plan = authorityPlan("Second", "Second");
    plan.signature = TestSignature::Sha1; // proves nothing that being imported does not
    const auto remarks = remarksOnOne(plan);
    QVERIFY(remarks.warnings.empty());
    QCOMPARE(remarks.anchor->subject(), std::string{"CN=Second"});
}

void TstAuthorityRemarks::saysThatAnAnchorIsNoLongerNeeded()
{
    const auto below = makeCertificate(authorityPlan("Below", "Root"), m_key, m_key);
    crypto::TrustStore store;
    QVERIFY(store.addAnchor(below).ok());
    QVERIFY(remarksOn(below, store, m_now).warnings.empty());
    QVERIFY(store.add(m_root).ok());
    const auto remarks = remarksOn(below, store, m_now);
    QCOMPARE(remarks.warnings.size(), std::size_t{1});
    QVERIFY(hasWarning(remarks, kNeedlessAnchor));
    QCOMPARE(remarks.anchor->der(), below.der());
    QVERIFY(remarksOn(m_root, store, m_now).warnings.empty());
}

void TstAuthorityRemarks::saysThatAnAnchorIsRevoked()
{
    const auto below = makeCertificate(authorityPlan("Below", "Root"), m_key, m_key);
    crypto::TrustStore store;
    QVERIFY(store.addAnchor(below).ok() && store.addWitness(m_root).ok());
    store.addRevocationList(makeRevocationList({.issuer = "Root", .serials = {0x1001}}, m_key));
    const auto remarks = remarksOn(below, store, m_now);
    QCOMPARE(remarks.warnings.size(), std::size_t{1});
    QVERIFY(hasWarning(remarks, "invalid-path"));
    QVERIFY(!remarks.anchor);
}

void TstAuthorityRemarks::warns_data()
{
    QTest::addColumn<QString>("issuer");
    QTest::addColumn<int>("beginsIn"); // days
    QTest::addColumn<int>("endsIn");
    QTest::addColumn<TestSignature>("signature");
    QTest::addColumn<QString>("warning");
    const auto row = [](const char* issuer, int begins, int ends, TestSignature signature, const char* warning) {
        QTest::newRow(warning) << QString::fromLatin1(issuer) << begins << ends << signature
                               << QString::fromLatin1(warning);
    };
    row("Root", -900, -1, TestSignature::Sha256, "expired");
    row("Root", -900, 89, TestSignature::Sha256, "expires-soon");
    row("Root", 1, 900, TestSignature::Sha256, "not-yet-valid");
    row("Root", -900, 900, TestSignature::Sha1, "weak-signature");
    row("Nobody", -900, 900, TestSignature::Sha256, "unanchored");
}

void TstAuthorityRemarks::warns()
{
    QFETCH(QString, issuer);
    QFETCH(int, beginsIn);
    QFETCH(int, endsIn);
    QFETCH(TestSignature, signature);
    QFETCH(QString, warning);
    auto plan = authorityPlan("Below", issuer.toStdString());
    plan.notBefore = m_now + std::chrono::days{beginsIn};
    plan.notAfter = m_now + std::chrono::days{endsIn};
    plan.signature = signature;
    const auto remarks = remarksOnOne(plan);
    QCOMPARE(remarks.warnings.size(), std::size_t{1});
    QCOMPARE(QString::fromStdString(std::string{remarks.warnings.front().id}), warning);
    QCOMPARE(remarks.anchor.has_value(), warning != QStringLiteral("unanchored"));
}

QTEST_APPLESS_MAIN(TstAuthorityRemarks)
#include "tst_authority_remarks.moc"

#include "core/base/station_code.h"
#include "core/crypto/trust_store.h"
#include "tests/support/certificate_maker.h"
#include "tests/support/test_data.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::crypto;

class TstTrustStore : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sameCertificateStandsOnce();
    void refusesALeafAsAuthority();
    void aCertificateHasItsRoleByItself();
    void anIntermediateBecomesAnAnchorWhenItIsAddedAsOne();
    void aWitnessIsKnownAndNotTrusted();

private:
    Certificate m_root = certificatesFromFile(test::testData("certificates/swtpm-root.pem")).value().front();
    Certificate m_intermediate =
        certificatesFromFile(test::testData("certificates/swtpm-intermediate.pem")).value().front();
    Certificate m_leaf = Certificate::fromDer(test::testData("certificates/swtpm-ek-rsa2048.der")).value();
};

void TstTrustStore::sameCertificateStandsOnce()
{
    TrustStore store;
    QCOMPARE(store.add(m_root).value(), true);
    QCOMPARE(store.add(m_root).value(), false);
    QCOMPARE(store.certificates().size(), std::size_t{1});
}

void TstTrustStore::refusesALeafAsAuthority()
{
    TrustStore store;
    for (const auto& refused : {store.add(m_leaf), store.addAnchor(m_leaf)}) {
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
    }
    QVERIFY(store.empty());
    QVERIFY(!store.hasPartialAnchors());
}

void TstTrustStore::aCertificateHasItsRoleByItself()
{
    TrustStore store;
    QVERIFY(store.add(m_root).value() && store.add(m_intermediate).value());
    QVERIFY(store.roleOf(m_root) == TrustRole::Anchor);
    QVERIFY(store.roleOf(m_intermediate) == TrustRole::Intermediate);
    QVERIFY(!store.hasPartialAnchors());
    QVERIFY(store.hasAnchors());
}

void TstTrustStore::anIntermediateBecomesAnAnchorWhenItIsAddedAsOne()
{
    TrustStore store;
    QVERIFY(store.add(m_intermediate).value());
    QVERIFY(!store.empty() && !store.hasAnchors()); // no path can end at it
    QCOMPARE(store.addAnchor(m_intermediate).value(), true);
    QCOMPARE(store.addAnchor(m_intermediate).value(), false);
    QVERIFY(store.roleOf(m_intermediate) == TrustRole::Anchor);
    QVERIFY(store.hasPartialAnchors());
    QVERIFY(store.hasAnchors());
    QCOMPARE(store.certificates().size(), std::size_t{1});
    QCOMPARE(store.add(m_intermediate).value(), false);
    QVERIFY(store.roleOf(m_intermediate) == TrustRole::Anchor); // adding it again takes nothing away
    QVERIFY(store.addAnchor(m_root).value());
    QVERIFY(store.roleOf(m_root) == TrustRole::Anchor);
}

void TstTrustStore::aWitnessIsKnownAndNotTrusted()
{
    TrustStore store;
    QVERIFY(store.addWitness(m_root).ok());
    QVERIFY(!store.addWitness(m_leaf).ok());
    QVERIFY(store.empty() && !store.hasAnchors());
    QCOMPARE(store.everyCertificate().size(), std::size_t{1});
    QVERIFY(store.add(m_intermediate).value() && store.addWitness(m_intermediate).ok());
    const auto every = store.everyCertificate();
    QCOMPARE(every.size(), std::size_t{2});
    QCOMPARE(every.front().der(), m_intermediate.der());
}

QTEST_APPLESS_MAIN(TstTrustStore)
#include "tst_trust_store.moc"

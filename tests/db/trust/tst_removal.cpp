#include "db/trust/import_plan.h"
#include "db/trust/removal.h"
#include "tests/db/trust/stored_trust.h"

using namespace enroll;
using namespace enroll::db::trust;

/// Nothing passes because an authority was removed.
class TstRemoval : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_stored = std::make_unique<StoredTrust>();
        m_stored->put("makers", m_stored->room.root);
        m_stored->put("vend", m_stored->room.below, crypto::TrustRole::Anchor);
    }

    void whatProvesNothingIsGone();
    void theIssuerOfAListStaysAsAWitness();
    void theLastOfSeveralCopiesStays();
    void anAuthorityBetweenAnAnchorAndAListStays();
    void anAuthorityBetweenAnIndirectListAndAnAnchorStays();
    void aWitnessIsImportedLikeANewOne();

private:
    std::unique_ptr<StoredTrust> m_stored;

    [[nodiscard]] Removal removed(const std::string& set, const crypto::Certificate& certificate) const
    {
        const auto known = readKnownTrust(m_stored->trust(), {}).value();
        const auto those = known.authoritiesIn(std::span{&set, 1});
        const auto one = std::ranges::find(those, certificate.der(),
                                           [](const auto& that) -> const Bytes& { return that.certificate.der(); });
        return endTrust(*one, known, utcNow()).value();
    }
    [[nodiscard]] bool isRevoked(const std::string& issuer = "Below") const
    {
        return m_stored->judged({"vend"}, issuer).revoked.has_value();
    }
};

void TstRemoval::whatProvesNothingIsGone()
{
    QCOMPARE(removed("makers", m_stored->room.root), Removal::Gone);
    QVERIFY(authoritiesOf(m_stored->trust(), "makers").value().empty());
    m_stored->putList("root.crl", 0x1001);
    QCOMPARE(removed("vend", m_stored->room.below), Removal::Gone);
}

void TstRemoval::theIssuerOfAListStaysAsAWitness()
{
    m_stored->putList("root.crl", 0x1001);
    QVERIFY(isRevoked());
    QCOMPARE(removed("makers", m_stored->room.root), Removal::StaysAsWitness);
    QVERIFY(isRevoked());
    QVERIFY(loadTrustStore(m_stored->trust(), std::vector<std::string>{"makers"}).value().empty());
    const auto stored = authoritiesOf(m_stored->trust(), "makers").value();
    QVERIFY(stored.front().isWitness() && !stored.front().role);
    QCOMPARE(stored.front().provenance->source, std::string{"maker.pem"});
    QCOMPARE(removed("makers", m_stored->room.root), Removal::StaysAsWitness); // as long as the list is there
    std::filesystem::remove(m_stored->trust() / "root.crl");
    QCOMPARE(removed("makers", m_stored->room.root), Removal::Gone);
}

void TstRemoval::theLastOfSeveralCopiesStays()
{
    m_stored->put("demo", m_stored->room.root);
    m_stored->putList("root.crl", 0x1001);
    QCOMPARE(removed("makers", m_stored->room.root), Removal::Gone);
    QVERIFY(isRevoked());
    QCOMPARE(removed("demo", m_stored->room.root), Removal::StaysAsWitness);
    QVERIFY(isRevoked());
}

void TstRemoval::anAuthorityBetweenAnAnchorAndAListStays()
{
    auto plan = test::authorityPlan("Lower", "Below");
    plan.serial = 0x2002;
    m_stored->put("vend", test::makeCertificate(plan, m_stored->room.key, m_stored->room.key),
                  crypto::TrustRole::Anchor);
    m_stored->putList("root.crl", 0x1001);
    QVERIFY(isRevoked("Lower"));
    QCOMPARE(removed("vend", m_stored->room.below), Removal::StaysAsWitness);
    QVERIFY(isRevoked("Lower"));
}

/// What such a list revokes are devices' certificates, which no store has: only the way of its signer tells what it is for.
void TstRemoval::anAuthorityBetweenAnIndirectListAndAnAnchorStays()
{
    const auto& room = m_stored->room;
    const auto key = test::TestKey::ecc();
    const auto between = test::makeCertificate(test::authorityPlan("Between", "Root"), key, room.key);
    auto plan = test::authorityPlan("Lister", "Between");
    plan.serial = 0x31;
    const auto lister = test::makeCertificate(plan, room.key, key);
    m_stored->put("makers", between);
    m_stored->put("makers", lister);
    test::CertificatePlan leaf{.issuer = "Root", .serial = 0x77};
    leaf.extensions = {test::listsOfIssuer("Lister")};
    room.write("trust/lister.crl",
               test::makeRevocationListDer(
                   {.issuer = "Lister", .extensions = {test::kIndirect}, .entries = {{0x77, "Root"}}}, room.key));
    const auto isRevokedNow = [&] {
        const auto store = loadTrustStore(m_stored->trust(), std::vector<std::string>{"makers"}).value();
        const auto device = test::makeCertificate(leaf, test::TestKey::ecc(), room.key);
        return crypto::judgePath(device, store, {}, utcNow()).revoked.has_value();
    };
    const auto isLost = [&] {
        const auto known = readKnownTrust(m_stored->trust(), {}).value();
        return leadsNowhere(known.lists.front().list, known);
    };
    QVERIFY(isRevokedNow() && !isLost());
    QCOMPARE(removed("makers", between), Removal::StaysAsWitness);
    QVERIFY(isRevokedNow() && !isLost());
    QCOMPARE(removed("makers", lister), Removal::StaysAsWitness);
    QVERIFY(isRevokedNow());
    std::filesystem::remove(m_stored->trust() / "makers" / (between.sha256Hex() + ".pem"));
    QVERIFY(!isRevokedNow() && isLost());
}

void TstRemoval::aWitnessIsImportedLikeANewOne()
{
    m_stored->putList("root.crl", 0x7);
    QCOMPARE(removed("makers", m_stored->room.root), Removal::StaysAsWitness);
    const auto known = readKnownTrust(m_stored->trust(), {}).value();
    TrustSource source;
    source.certificates.push_back({m_stored->room.root, "again.pem"});
    const auto plan = planImport(source, "makers", known, MissingRoots::LeaveUnanchored, utcNow());
    QCOMPARE(plan.authorities.front().change, ImportChange::Added);
    QVERIFY(carryOut(plan, m_stored->trust(), known, utcNow()).ok());
    QVERIFY(loadTrustStore(m_stored->trust(), std::vector<std::string>{"makers"}).value().hasAnchors());
}

QTEST_APPLESS_MAIN(TstRemoval)
#include "tst_removal.moc"

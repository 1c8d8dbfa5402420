#include "core/crypto/certificate_path.h"
#include "db/trust/import_plan.h"
#include "db/trust/removal.h"
#include "tests/support/revocation_list_maker.h"
#include "tests/support/trust_room.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::db::trust;

/// Nothing passes because an authority was removed.
class TstRemoval : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_room = std::make_unique<test::TrustRoom>();
        put("makers", m_room->root);
        put("vend", m_room->below, crypto::TrustRole::Anchor);
    }

    void whatProvesNothingIsGone();
    void theIssuerOfAListStaysAsAWitness();
    void theLastOfSeveralCopiesStays();
    void anAuthorityBetweenAnAnchorAndAListStays();
    void aWitnessIsImportedLikeANewOne();

private:
    std::unique_ptr<test::TrustRoom> m_room;

    [[nodiscard]] std::filesystem::path trust() const { return m_room->path("trust"); }
    void put(const std::string& set, const crypto::Certificate& certificate,
             crypto::TrustRole role = crypto::TrustRole::Intermediate) const
    {
        QVERIFY(storeAuthority(trust(), set, certificate, {"maker.pem", utcNow(), role}).ok());
    }
    void putList(long serial) const
    {
        m_room->write("trust/root.crl",
                      test::makeRevocationListDer({.issuer = "Root", .serials = {serial}}, m_room->key));
    }
    [[nodiscard]] Removal removed(const std::string& set, const crypto::Certificate& certificate) const
    {
        const auto known = readKnownTrust(trust(), {}).value();
        const auto those = known.authoritiesIn(std::span{&set, 1});
        const auto one = std::ranges::find(those, certificate.der(),
                                           [](const auto& that) -> const Bytes& { return that.certificate.der(); });
        return endTrust(*one, known, utcNow()).value();
    }
    [[nodiscard]] bool isRevoked(const std::string& issuer = "Below") const
    {
        const auto leaf = test::makeCertificate({.issuer = issuer, .serial = 0x77}, test::TestKey::ecc(), m_room->key);
        const auto store = loadTrustStore(trust(), std::vector<std::string>{"vend"}).value();
        return crypto::judgePath(leaf, store, {}, utcNow()).revoked.has_value();
    }
};

void TstRemoval::whatProvesNothingIsGone()
{
    QCOMPARE(removed("makers", m_room->root), Removal::Gone);
    QVERIFY(authoritiesOf(trust(), "makers").value().empty());
    putList(0x1001);
    QCOMPARE(removed("vend", m_room->below), Removal::Gone);
}

void TstRemoval::theIssuerOfAListStaysAsAWitness()
{
    putList(0x1001);
    QVERIFY(isRevoked());
    QCOMPARE(removed("makers", m_room->root), Removal::StaysAsWitness);
    QVERIFY(isRevoked());
    QVERIFY(loadTrustStore(trust(), std::vector<std::string>{"makers"}).value().empty());
    const auto stored = authoritiesOf(trust(), "makers").value();
    QVERIFY(stored.front().isWitness() && !stored.front().role);
    QCOMPARE(stored.front().provenance->source, std::string{"maker.pem"});
    QCOMPARE(removed("makers", m_room->root), Removal::StaysAsWitness); // as long as the list is there
    std::filesystem::remove(trust() / "root.crl");
    QCOMPARE(removed("makers", m_room->root), Removal::Gone);
}

void TstRemoval::theLastOfSeveralCopiesStays()
{
    put("demo", m_room->root);
    putList(0x1001);
    QCOMPARE(removed("makers", m_room->root), Removal::Gone);
    QVERIFY(isRevoked());
    QCOMPARE(removed("demo", m_room->root), Removal::StaysAsWitness);
    QVERIFY(isRevoked());
}

void TstRemoval::anAuthorityBetweenAnAnchorAndAListStays()
{
    auto plan = test::authorityPlan("Lower", "Below");
    plan.serial = 0x2002;
    put("vend", test::makeCertificate(plan, m_room->key, m_room->key), crypto::TrustRole::Anchor);
    putList(0x1001);
    QVERIFY(isRevoked("Lower"));
    QCOMPARE(removed("vend", m_room->below), Removal::StaysAsWitness);
    QVERIFY(isRevoked("Lower"));
}

void TstRemoval::aWitnessIsImportedLikeANewOne()
{
    putList(0x7);
    QCOMPARE(removed("makers", m_room->root), Removal::StaysAsWitness);
    const auto known = readKnownTrust(trust(), {}).value();
    TrustSource source;
    source.certificates.push_back({m_room->root, "again.pem"});
    const auto plan = planImport(source, "makers", known, MissingRoots::LeaveUnanchored, utcNow());
    QCOMPARE(plan.authorities.front().change, ImportChange::Added);
    QVERIFY(carryOut(plan, trust(), known, utcNow()).ok());
    QVERIFY(loadTrustStore(trust(), std::vector<std::string>{"makers"}).value().hasAnchors());
}

QTEST_APPLESS_MAIN(TstRemoval)
#include "tst_removal.moc"

#include "core/base/station_code.h"
#include "db/trust/revocation_cache.h"
#include "tests/support/revocation_list_maker.h"
#include "tests/support/trust_room.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::db::trust;

class TstRevocationCache : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_room = std::make_unique<test::TrustRoom>(); }

    void aListOfAnAuthorityIsKeptAndLoaded();
    void aListOfNobodyInTheSetIsRefused();
    void aNewerListReplacesAnOlderOneAndNeverTheOtherWayRound();
    void ofSeveralInOneImportTheNewestCounts();
    void authoritiesOfOneNameKeepAListEach();
    void aSignerOfListsAloneIsTakenIn();
    void listsOfOtherSetsDoNotCount();
    void aFileThatIsNoListIsNamed();

private:
    std::unique_ptr<test::TrustRoom> m_room;

    [[nodiscard]] std::filesystem::path trust() const { return m_room->path("trust"); }
    [[nodiscard]] crypto::RevocationList listOfRoot(int day = 1) const
    {
        test::RevocationPlan plan;
        plan.issuer = "Root";
        plan.thisUpdate += std::chrono::hours{24} * day;
        return test::makeRevocationList(plan, m_room->key);
    }
    /// Plans and stores; the change of the one list.
    [[nodiscard]] Result<ListChange> import(const crypto::RevocationList& list, std::string_view set = "makers") const
    {
        const std::vector<StoredAuthority> authorities{{m_room->root, crypto::TrustRole::Anchor, std::string{set}, {}}};
        TRY_ASSIGN(const auto stored, revocationListsOf(trust(), set));
        TRY_ASSIGN(const auto plan, planLists(std::span{&list, 1}, authorities, stored));
        TRY(storeLists(plan, trust(), set));
        return plan.front().change;
    }
    [[nodiscard]] std::size_t loaded(const std::vector<std::string>& sets) const
    {
        return loadTrustStore(trust(), sets).value().revocationLists().size();
    }
};

void TstRevocationCache::aListOfAnAuthorityIsKeptAndLoaded()
{
    QCOMPARE(import(listOfRoot()).value(), ListChange::Added);
    QCOMPARE(loaded({"makers"}), std::size_t{1});
    const auto stored = revocationListsOf(trust(), "makers").value();
    QVERIFY(stored.front().list.thisUpdate() == listOfRoot().thisUpdate());
}

void TstRevocationCache::aListOfNobodyInTheSetIsRefused()
{
    const auto forged = test::makeRevocationList({.issuer = "Root"}, test::TestKey::ecc());
    const auto refused = import(forged);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
    QVERIFY(!import(test::makeRevocationList({.issuer = "Nobody"}, m_room->key)).ok());
    QCOMPARE(loaded({"makers"}), std::size_t{0});
}

void TstRevocationCache::aNewerListReplacesAnOlderOneAndNeverTheOtherWayRound()
{
    const auto newer = listOfRoot(2);
    QCOMPARE(import(listOfRoot(1)).value(), ListChange::Added);
    QCOMPARE(import(newer).value(), ListChange::Replaced);
    QCOMPARE(import(newer).value(), ListChange::AlreadyThere);
    const auto refused = import(listOfRoot(1));
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
    const auto stored = revocationListsOf(trust(), "makers").value();
    QCOMPARE(stored.size(), std::size_t{1});
    QCOMPARE(stored.front().list.der(), newer.der());
}

void TstRevocationCache::ofSeveralInOneImportTheNewestCounts()
{
    const std::vector<StoredAuthority> authorities{{m_room->root, crypto::TrustRole::Anchor, "makers", {}}};
    const std::vector lists{listOfRoot(1), listOfRoot(3), listOfRoot(2)};
    const auto plan = planLists(lists, authorities, {}).value();
    QCOMPARE(plan.size(), std::size_t{1});
    QCOMPARE(plan.front().list.der(), lists[1].der());
}

/// A list without a key identifier says no more than the name: the key that signed it tells the two apart.
void TstRevocationCache::authoritiesOfOneNameKeepAListEach()
{
    const auto otherKey = test::TestKey::ecc();
    const auto namesake = test::makeCertificate(test::authorityPlan("Root", "Root"), otherKey, otherKey);
    const std::vector<StoredAuthority> authorities{{m_room->root, crypto::TrustRole::Anchor, "makers", {}},
                                                   {namesake, crypto::TrustRole::Anchor, "makers", {}}};
    const std::vector lists{test::makeRevocationList({.issuer = "Root"}, m_room->key),
                            test::makeRevocationList({.issuer = "Root"}, otherKey)};
    const auto plan = planLists(lists, authorities, {}).value();
    QVERIFY(storeLists(plan, trust(), "makers").ok());
    QCOMPARE(revocationListsOf(trust(), "makers").value().size(), std::size_t{2});
}

void TstRevocationCache::aSignerOfListsAloneIsTakenIn()
{
    const auto key = test::TestKey::ecc();
    test::CertificatePlan plan;
    plan.subject = "Lister";
    plan.issuer = "Root";
    plan.keyUsage = "critical,cRLSign";
    const auto signer = test::makeCertificate(plan, key, m_room->key);
    const auto list = test::makeRevocationList({.issuer = "Lister", .extensions = {test::kIndirect}}, key);
    QVERIFY(!planLists(std::span{&list, 1}, {}, {}).ok());
    QVERIFY(storeAuthority(trust(), "makers", signer, {"lister.der", utcNow(), crypto::TrustRole::Intermediate}).ok());
    const auto authorities = authoritiesOf(trust(), "makers").value();
    QCOMPARE(authorities.size(), std::size_t{1});
    QVERIFY(authorities.front().role == crypto::TrustRole::Intermediate);
    const auto lists = planLists(std::span{&list, 1}, authorities, {}).value();
    QVERIFY(storeLists(lists, trust(), "makers").ok());
    QCOMPARE(loaded({"makers"}), std::size_t{1});
}

void TstRevocationCache::listsOfOtherSetsDoNotCount()
{
    QVERIFY(import(listOfRoot(), "demo").ok());
    QCOMPARE(loaded({"makers"}), std::size_t{0});
    QCOMPARE(loaded({"makers", "demo"}), std::size_t{1});
}

void TstRevocationCache::aFileThatIsNoListIsNamed()
{
    const auto file = m_room->write("trust/makers/odd.CRL", asBytes("nonsense"));
    const auto refused = loadTrustStore(trust(), std::vector<std::string>{"makers"});
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
    QVERIFY2(refused.error().what.starts_with(file.string()), refused.error().what.c_str());
}

QTEST_APPLESS_MAIN(TstRevocationCache)
#include "tst_revocation_cache.moc"

#include "core/base/station_code.h"
#include "db/trust/known_trust.h"
#include "tests/support/certificate_forms.h"
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
    void whereAListLiesDoesNotMatter();
    void aListBesideCertificatesCounts();
    void aFileOfSeveralListsIsNeverReplaced();
    void aNewerListReplacesAnOlderOneOfAnotherSet();
    void saysWhatIsTrueOfAListThatCannotCount_data();
    void saysWhatIsTrueOfAListThatCannotCount();
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
    [[nodiscard]] StoredAuthority authority(const crypto::Certificate& certificate,
                                            std::string_view set = "makers") const
    {
        return {certificate, crypto::ownRoleOf(certificate), std::string{set}, {}};
    }
    /// Plans and stores; the change of the one list.
    [[nodiscard]] Result<ListChange> import(const crypto::RevocationList& list, std::string_view set = "makers") const
    {
        return import(list, set, {authority(m_room->root, set)});
    }
    [[nodiscard]] Result<ListChange> import(const crypto::RevocationList& list, std::string_view set,
                                            const std::vector<StoredAuthority>& authorities) const
    {
        TRY_ASSIGN(const auto known, readKnownTrust(trust(), {}));
        TRY_ASSIGN(const auto plan, planLists(std::span{&list, 1}, set, authorities, known.lists));
        TRY(storeLists(plan, trust()));
        return plan.front().change;
    }
    static std::string pemOf(const crypto::RevocationList& list) { return test::pemBlock("X509 CRL", list.der()); }
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
    const auto plan = planLists(lists, "makers", authorities, {}).value();
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
    const auto plan = planLists(lists, "makers", authorities, {}).value();
    QVERIFY(storeLists(plan, trust()).ok());
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
    QVERIFY(!planLists(std::span{&list, 1}, "makers", {}, {}).ok());
    QVERIFY(storeAuthority(trust(), "makers", signer, {"lister.der", utcNow(), crypto::TrustRole::Intermediate}).ok());
    const auto authorities = authoritiesOf(trust(), "makers").value();
    QCOMPARE(authorities.size(), std::size_t{1});
    QVERIFY(authorities.front().role == crypto::TrustRole::Intermediate);
    const auto lists = planLists(std::span{&list, 1}, "makers", authorities, {}).value();
    QVERIFY(storeLists(lists, trust()).ok());
    QCOMPARE(loaded({"makers"}), std::size_t{1});
}

void TstRevocationCache::whereAListLiesDoesNotMatter()
{
    QVERIFY(import(listOfRoot(), "demo").ok());
    QCOMPARE(loaded({"makers"}), std::size_t{1});
    QCOMPARE(loaded({"makers", "demo"}), std::size_t{1});
    m_room->write("trust/by-hand.crl", test::makeRevocationListDer({.issuer = "Root"}, test::TestKey::ecc()));
    QCOMPARE(trustSetsIn(trust()).value(), (std::vector<std::string>{"demo", "makers"}));
    QCOMPARE(loaded({"demo"}), std::size_t{2});
    QCOMPARE(revocationListsOf(trust(), "makers").value().size(), std::size_t{1});
}

void TstRevocationCache::aListBesideCertificatesCounts()
{
    m_room->write("trust/makers/both.pem", asBytes(crypto::pemOf(m_room->root) + pemOf(listOfRoot())));
    m_room->write("trust/makers/root.pem", m_room->root);
    QCOMPARE(loaded({"makers"}), std::size_t{1});
    QVERIFY(!revocationListsOf(trust(), "makers").value().front().isAlone);
    m_room->write("trust/demo/both.crl", asBytes(crypto::pemOf(m_room->root) + pemOf(listOfRoot())));
    QVERIFY(!revocationListsOf(trust(), "demo").value().front().isAlone);
    std::filesystem::remove(trust() / "demo" / "both.crl");
    QCOMPARE(import(listOfRoot(2)).value(), ListChange::Added);
    QCOMPARE(authoritiesOf(trust(), "makers").value().size(), std::size_t{1});
}

void TstRevocationCache::aFileOfSeveralListsIsNeverReplaced()
{
    const auto other = test::makeRevocationList({.issuer = "Other", .serials = {7}}, test::TestKey::ecc());
    const auto file = m_room->write("trust/makers/all.crl", asBytes(pemOf(other) + pemOf(listOfRoot(1))));
    const auto newer = listOfRoot(2);
    const auto planned = planLists(std::span{&newer, 1}, "makers", {{authority(m_room->root)}},
                                   revocationListsOf(trust(), "makers").value());
    QCOMPARE(planned.value().front().olderStaysIn, std::vector{file});
    QCOMPARE(import(newer).value(), ListChange::Added);
    QCOMPARE(loaded({"makers"}), std::size_t{3});
    QCOMPARE(import(newer).value(), ListChange::AlreadyThere);
    QCOMPARE(import(listOfRoot(3)).value(), ListChange::Replaced); // in the file that holds it alone
    const auto stored = revocationListsOf(trust(), "makers").value();
    QCOMPARE(stored.size(), std::size_t{3});
    QCOMPARE(std::ranges::count(stored, file, &StoredRevocationList::file), std::ptrdiff_t{2});
}

void TstRevocationCache::aNewerListReplacesAnOlderOneOfAnotherSet()
{
    QCOMPARE(import(listOfRoot(1), "demo").value(), ListChange::Added);
    const auto newer = listOfRoot(2);
    QCOMPARE(import(newer, "makers").value(), ListChange::Replaced);
    QVERIFY(!import(listOfRoot(1), "makers").ok());
    QCOMPARE(loaded({"makers"}), std::size_t{1});
    QCOMPARE(revocationListsOf(trust(), "demo").value().front().list.der(), newer.der());
}

void TstRevocationCache::saysWhatIsTrueOfAListThatCannotCount_data()
{
    QTest::addColumn<QString>("usage");
    QTest::addColumn<bool>("ownKey");
    QTest::addColumn<QString>("says");
    QTest::newRow("may not sign lists") << "critical,keyCertSign" << true << "cRLSign";
    QTest::newRow("another key") << "critical,keyCertSign,cRLSign" << false << "the key that signed it";
    QTest::newRow("another key that may not sign") << "critical,keyCertSign" << false << "the key that signed it";
    QTest::newRow("nobody of the name") << QString{} << true << "the name of its issuer";
}

void TstRevocationCache::saysWhatIsTrueOfAListThatCannotCount()
{
    QFETCH(QString, usage);
    QFETCH(bool, ownKey);
    QFETCH(QString, says);
    const auto otherKey = test::TestKey::ecc();
    const auto& key = ownKey ? m_room->key : otherKey;
    auto plan = test::authorityPlan("Root", "Root");
    plan.keyUsage = usage.toStdString();
    std::vector<StoredAuthority> authorities;
    if (!usage.isEmpty()) {
        authorities.push_back(authority(test::makeCertificate(plan, key, key)));
    }
    const auto refused = import(listOfRoot(), "makers", authorities);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
    QVERIFY2(refused.error().what.find(says.toStdString()) != std::string::npos, refused.error().what.c_str());
    QVERIFY(whyUnsigned(listOfRoot(), {{authority(m_room->root)}}).empty());
}

void TstRevocationCache::aFileThatIsNoListIsNamed()
{
    const auto file = m_room->write("trust/makers/odd.CRL", asBytes("nonsense"));
    const auto refused = loadTrustStore(trust(), std::vector<std::string>{"demo"}); // it may revoke anything
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
    QVERIFY2(refused.error().what.starts_with(file.string()), refused.error().what.c_str());
}

QTEST_APPLESS_MAIN(TstRevocationCache)
#include "tst_revocation_cache.moc"

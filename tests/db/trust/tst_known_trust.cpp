#include "core/base/station_code.h"
#include "core/crypto/certificate_path.h"
#include "db/trust/known_trust.h"
#include "tests/support/revocation_list_maker.h"
#include "tests/support/trust_room.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::db::trust;

/// A root, an intermediate "Below" that it revokes, and a leaf of that: a station that has the list never trusts the leaf.
class TstKnownTrust : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_room = std::make_unique<test::TrustRoom>(); }

    void aRevocationCountsWhereverItLies_data();
    void aRevocationCountsWhereverItLies();
    void withoutTheListTheLeafIsTrusted();
    void onlyTheSetsThatAreAskedVouch();
    void aBadCertificateOfAnotherSetIsThatSetsMatter();
    void aBadListOfAnotherSetIsNot();

private:
    std::unique_ptr<test::TrustRoom> m_room;

    [[nodiscard]] std::filesystem::path trust() const { return m_room->path("trust"); }
    void put(const std::string& set, const crypto::Certificate& certificate,
             crypto::TrustRole role = crypto::TrustRole::Intermediate) const
    {
        QVERIFY(storeAuthority(trust(), set, certificate, {"maker.pem", utcNow(), role}).ok());
    }
    void putList(const std::string& file) const
    {
        m_room->write("trust/" + file,
                      test::makeRevocationListDer({.issuer = "Root", .serials = {0x1001}}, m_room->key));
    }
    [[nodiscard]] crypto::PathJudgement judged(const std::vector<std::string>& sets) const
    {
        const auto leaf = test::makeCertificate({.issuer = "Below", .serial = 0x77}, test::TestKey::ecc(), m_room->key);
        return crypto::judgePath(leaf, loadTrustStore(trust(), sets).value(), {}, utcNow());
    }
};

void TstKnownTrust::aRevocationCountsWhereverItLies_data()
{
    QTest::addColumn<QString>("rootsSet");
    QTest::addColumn<bool>("isAnchor");
    QTest::addColumn<QString>("list");
    const auto row = [](const char* name, const char* rootsSet, bool isAnchor, const char* list) {
        QTest::newRow(name) << QString::fromLatin1(rootsSet) << isAnchor << QString::fromLatin1(list);
    };
    row("plainly", "vend", false, "vend/root.crl");
    row("the intermediate is an anchor", "vend", true, "vend/root.crl");
    row("the list in another set", "vend", false, "makers/root.crl");
    row("the list in no set", "vend", false, "root.crl");
    row("root and list in another set", "makers", true, "makers/root.crl");
    row("all in different places", "makers", true, "root.CRL");
}

void TstKnownTrust::aRevocationCountsWhereverItLies()
{
    QFETCH(QString, rootsSet);
    QFETCH(bool, isAnchor);
    QFETCH(QString, list);
    put(rootsSet.toStdString(), m_room->root);
    put("vend", m_room->below, isAnchor ? crypto::TrustRole::Anchor : crypto::TrustRole::Intermediate);
    putList(list.toStdString());
    const auto path = judged({"vend"});
    QCOMPARE(path.result, crypto::PathResult::Invalid);
    QCOMPARE(path.revoked, std::optional{std::size_t{1}});
}

void TstKnownTrust::withoutTheListTheLeafIsTrusted()
{
    put("vend", m_room->root);
    put("vend", m_room->below);
    QCOMPARE(judged({"vend"}).result, crypto::PathResult::Trusted);
}

void TstKnownTrust::onlyTheSetsThatAreAskedVouch()
{
    put("makers", m_room->root);
    put("vend", m_room->below);
    QCOMPARE(judged({"vend"}).result, crypto::PathResult::UnknownIssuer);
    const auto store = loadTrustStore(trust(), std::vector<std::string>{"vend"}).value();
    QCOMPARE(store.certificates().size(), std::size_t{1});
    QCOMPARE(store.everyCertificate().size(), std::size_t{2});
}

void TstKnownTrust::aBadCertificateOfAnotherSetIsThatSetsMatter()
{
    put("makers", m_room->root);
    m_room->write("trust/makers/0.pem", asBytes("nonsense"));
    m_room->write("trust/makers/zero.pem", asBytes("nonsense"));
    put("vend", m_room->below, crypto::TrustRole::Anchor);
    putList("makers/root.crl");
    QCOMPARE(judged({"vend"}).result, crypto::PathResult::Invalid); // the root beside them is still known
    QVERIFY(!loadTrustStore(trust(), std::vector<std::string>{"makers"}).ok());
}

void TstKnownTrust::aBadListOfAnotherSetIsNot()
{
    put("vend", m_room->root);
    const auto file = m_room->write("trust/makers/odd.crl", asBytes("nonsense"));
    const auto refused = loadTrustStore(trust(), std::vector<std::string>{"vend"});
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
    QVERIFY2(refused.error().what.starts_with(file.string()), refused.error().what.c_str());
}

QTEST_APPLESS_MAIN(TstKnownTrust)
#include "tst_known_trust.moc"

#include "core/base/station_code.h"
#include "tests/db/trust/stored_trust.h"
#include "tests/support/certificate_forms.h"

using namespace enroll;
using namespace enroll::db::trust;

/// A root, an intermediate "Below" that it revokes, and a leaf of that: a station that has the list never trusts the leaf.
class TstKnownTrust : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_stored = std::make_unique<StoredTrust>(); }

    void aRevocationCountsWhereverItLies_data();
    void aRevocationCountsWhereverItLies();
    void withoutTheListTheLeafIsTrusted();
    void onlyTheSetsThatAreAskedVouch();
    void aBadCertificateOfAnotherSetIsThatSetsMatter();
    void whatStandsBetweenAListAndAnAnchorIsNot();
    void aListUnderACertificatesNameCounts_data();
    void aListUnderACertificatesNameCounts();
    void aSurveyNamesWhatIsWrongAndShowsTheRest();
    void aBadListOfAnotherSetIsNot();
    void theSignerOfAListIsEverybodysMatter();
    void whatCannotBeReadMayHoldAList();

private:
    std::unique_ptr<StoredTrust> m_stored;
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
    m_stored->put(rootsSet.toStdString(), m_stored->room.root);
    m_stored->put("vend", m_stored->room.below, isAnchor ? crypto::TrustRole::Anchor : crypto::TrustRole::Intermediate);
    m_stored->putList(list.toStdString());
    const auto path = m_stored->judged({"vend"});
    QCOMPARE(path.result, crypto::PathResult::Invalid);
    QCOMPARE(path.revoked, std::optional{std::size_t{1}});
}

void TstKnownTrust::withoutTheListTheLeafIsTrusted()
{
    m_stored->put("vend", m_stored->room.root);
    m_stored->put("vend", m_stored->room.below);
    QCOMPARE(m_stored->judged({"vend"}).result, crypto::PathResult::Trusted);
}

void TstKnownTrust::onlyTheSetsThatAreAskedVouch()
{
    m_stored->put("makers", m_stored->room.root);
    m_stored->put("vend", m_stored->room.below);
    QCOMPARE(m_stored->judged({"vend"}).result, crypto::PathResult::UnknownIssuer);
    const auto store = loadTrustStore(m_stored->trust(), std::vector<std::string>{"vend"}).value();
    QCOMPARE(store.certificates().size(), std::size_t{1});
    QCOMPARE(store.everyCertificate().size(), std::size_t{2});
}

void TstKnownTrust::aBadCertificateOfAnotherSetIsThatSetsMatter()
{
    m_stored->put("makers", m_stored->room.root);
    const auto bad = m_stored->room.write("trust/makers/0.pem", asBytes("nonsense"));
    m_stored->room.write("trust/makers/zero.pem", asBytes("nonsense"));
    m_stored->room.write("trust/makers/" + m_stored->room.root.sha256Hex() + ".json", asBytes("{"));
    m_stored->put("vend", m_stored->room.below, crypto::TrustRole::Anchor);
    const std::vector<std::string> vend{"vend"};
    const auto known = readKnownTrust(m_stored->trust(), vend).value();
    QCOMPARE(known.authorities.size(), std::size_t{2}); // the root beside them is still known
    QCOMPARE(known.leftOut.size(), std::size_t{3});
    QVERIFY2(known.leftOut.front().what.starts_with(bad.string()), known.leftOut.front().what.c_str());
    QVERIFY(!loadTrustStore(m_stored->trust(), std::vector<std::string>{"makers"}).ok());
}

/// An anchor, above it an authority that the root revoked, and that authority's file breaks: the way to the list is gone.
void TstKnownTrust::whatStandsBetweenAListAndAnAnchorIsNot()
{
    const auto& room = m_stored->room;
    auto plan = test::authorityPlan("Lower", "Below");
    plan.serial = 0x2002;
    m_stored->put("vend", test::makeCertificate(plan, room.key, room.key), crypto::TrustRole::Anchor);
    m_stored->put("upstream", room.below);
    m_stored->put("upstream", room.root);
    m_stored->putList("upstream/root.crl");
    QVERIFY(m_stored->judged({"vend"}, "Lower").revoked);
    const auto file = room.write("trust/upstream/" + room.below.sha256Hex() + ".pem", asBytes("half"));
    const auto refused = loadTrustStore(m_stored->trust(), std::vector<std::string>{"vend"});
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
    QVERIFY2(refused.error().what.starts_with(file.string()), refused.error().what.c_str());
}

void TstKnownTrust::aListUnderACertificatesNameCounts_data()
{
    QTest::addColumn<QString>("set");
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isPem");
    QTest::addColumn<bool>("isWhole");
    for (const auto* set : {"vend", "makers"}) {
        for (const auto* name : {"list.der", "list.cer", "list.CRT", "list.pem"}) {
            for (const bool isPem : {false, true}) {
                for (const bool isWhole : {false, true}) {
                    QTest::addRow("%s/%s, %s, %s", set, name, isPem ? "PEM" : "DER", isWhole ? "whole" : "half")
                        << QString::fromLatin1(set) << QString::fromLatin1(name) << isPem << isWhole;
                }
            }
        }
    }
}

/// Whoever asks which set, and whatever the file is called: a list revokes, and one that is broken off stops the station.
void TstKnownTrust::aListUnderACertificatesNameCounts()
{
    QFETCH(QString, set);
    QFETCH(QString, name);
    QFETCH(bool, isPem);
    QFETCH(bool, isWhole);
    const auto& room = m_stored->room;
    m_stored->put("vend", room.root);
    m_stored->put("vend", room.below);
    const auto der = test::makeRevocationListDer({.issuer = "Root", .serials = {0x1001}}, room.key);
    const auto pem = test::pemBlock("X509 CRL", der);
    const auto whole = isPem ? asBytes(pem) : ByteView{der};
    room.write("trust/" + set.toStdString() + "/" + name.toStdString(),
               isWhole ? whole : whole.first(whole.size() / 2));
    if (isWhole) {
        QVERIFY(m_stored->judged({"vend"}).revoked);
    } else {
        const auto refused = loadTrustStore(m_stored->trust(), std::vector<std::string>{"vend"});
        QVERIFY(!refused.ok());
        QVERIFY2(refused.error().what.find(name.toStdString()) != std::string::npos, refused.error().what.c_str());
    }
}

void TstKnownTrust::aSurveyNamesWhatIsWrongAndShowsTheRest()
{
    m_stored->put("makers", m_stored->room.root);
    m_stored->putList("vend/root.crl");
    m_stored->room.write("trust/makers/odd.pem", asBytes("nonsense"));
    m_stored->room.write("trust/vend/odd.crl", asBytes("nonsense"));
    std::filesystem::create_symlink("loop.pem", m_stored->trust() / "makers" / "loop.pem");
    m_stored->put("demo", m_stored->room.below);
    const auto below = m_stored->room.below.sha256Hex() + ".json";
    std::filesystem::remove(m_stored->trust() / "demo" / below);
    std::filesystem::create_directory(m_stored->trust() / "demo" / below);
    const auto known = surveyTrust(m_stored->trust()).value();
    QCOMPARE(known.authorities.size(), std::size_t{2});
    QCOMPARE(known.lists.size(), std::size_t{1});
    std::vector<std::string> named;
    std::ranges::transform(known.leftOut, std::back_inserter(named),
                           [](const Error& one) { return std::filesystem::path{one.subject}.filename().string(); });
    std::ranges::sort(named);
    named.erase(std::unique(named.begin(), named.end()), named.end()); // the loop may hold a list as well
    std::vector<std::string> wanted{below, "loop.pem", "odd.crl", "odd.pem"};
    std::ranges::sort(wanted);
    QCOMPARE(named, wanted);
}

void TstKnownTrust::aBadListOfAnotherSetIsNot()
{
    m_stored->put("vend", m_stored->room.root);
    const auto file = m_stored->room.write("trust/makers/odd.crl", asBytes("nonsense"));
    const auto refused = loadTrustStore(m_stored->trust(), std::vector<std::string>{"vend"});
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
    QVERIFY2(refused.error().what.starts_with(file.string()), refused.error().what.c_str());
}

/// The root's file breaks after the import: who signed the list is not known any more, and the leaf must not be trusted.
void TstKnownTrust::theSignerOfAListIsEverybodysMatter()
{
    m_stored->put("makers", m_stored->room.root);
    m_stored->put("vend", m_stored->room.below, crypto::TrustRole::Anchor);
    m_stored->putList("vend/root.crl");
    const auto file = m_stored->room.write("trust/makers/" + m_stored->room.root.sha256Hex() + ".pem", asBytes("odd"));
    const auto refused = loadTrustStore(m_stored->trust(), std::vector<std::string>{"vend"});
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
    QVERIFY2(refused.error().what.starts_with(file.string()), refused.error().what.c_str());
}

void TstKnownTrust::whatCannotBeReadMayHoldAList()
{
    m_stored->put("vend", m_stored->room.root);
    std::filesystem::create_directories(m_stored->trust() / "makers");
    std::filesystem::create_symlink("loop.pem", m_stored->trust() / "makers" / "loop.pem");
    const auto refused = loadTrustStore(m_stored->trust(), std::vector<std::string>{"vend"});
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::FileUnusable);
}

QTEST_APPLESS_MAIN(TstKnownTrust)
#include "tst_known_trust.moc"

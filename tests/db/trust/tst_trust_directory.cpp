#include "core/base/station_code.h"
#include "db/trust/known_trust.h"
#include "tests/support/certificate_forms.h"
#include "tests/support/odd_files.h"
#include "tests/support/revocation_list_maker.h"
#include "tests/support/trust_room.h"

#include <QtTest>

#include <sys/stat.h>

using namespace enroll;
using namespace enroll::db::trust;
namespace fs = std::filesystem;

class TstTrustDirectory : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_room = std::make_unique<test::TrustRoom>(); }

    void missingDirectoryIsAnEmptyStore();
    void whatIsNoDirectoryIsRefused();
    void setsDoNotMix();
    void theNewestImportTellsTheAgeOfSets();
    void theFlatStoreOfOlderVersionsIsTheMakers();
    void readsEverySuffixAndNothingElse();
    void keepsWhereAnAuthorityCameFrom();
    void aProvenanceThatIsMissingAnchorsNothing();
    void whatANewerProgramMadeOfItVouchesForNothing();
    void aBrokenProvenanceIsNamed();
    void fileThatCannotBeUsedIsNamed_data();
    void fileThatCannotBeUsedIsNamed();
    void namesAnAuthorityThatIsNoFile();
    void removesEveryCopyInTheSet();
    void removesNothingBesideTheOneThatIsMeant();
    void removesNoListThatLiesBesideACertificate();
    void writesOverNoListThatLiesBesideACertificate();
    void saysWhatItCannotWrite();
    void whoMayReadTheFilesMayReadTheirDirectory();
    void namesWhatNobodyReads();

private:
    std::unique_ptr<test::TrustRoom> m_room;

    [[nodiscard]] fs::path trust() const { return m_room->path("trust"); }
    [[nodiscard]] Result<crypto::TrustStore> load(const std::vector<std::string>& sets) const
    {
        return loadTrustStore(trust(), sets);
    }
    void store(const std::string& set, const crypto::Certificate& certificate,
               crypto::TrustRole role = crypto::TrustRole::Intermediate) const
    {
        QVERIFY(storeAuthority(trust(), set, certificate, {"maker.pem", utcNow(), role}).ok());
    }
};

void TstTrustDirectory::missingDirectoryIsAnEmptyStore()
{
    QVERIFY(load({"makers", "demo"}).value().empty());
    QVERIFY(trustSetsIn(trust()).value().empty());
}

void TstTrustDirectory::whatIsNoDirectoryIsRefused()
{
    m_room->write("trust/makers", {});
    const auto refused = load({"makers"});
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::FileUnusable);
    QVERIFY2(refused.error().what.starts_with((trust() / "makers").string()), refused.error().what.c_str());
}

void TstTrustDirectory::setsDoNotMix()
{
    store("makers", m_room->root);
    store("demo", m_room->orphan);
    QCOMPARE(trustSetsIn(trust()).value(), (std::vector<std::string>{"demo", "makers"}));
    QCOMPARE(load({"makers"}).value().certificates().at(0).der(), m_room->root.der());
    QCOMPARE(load({"makers"}).value().certificates().size(), std::size_t{1});
    QCOMPARE(load({"demo"}).value().certificates().at(0).der(), m_room->orphan.der());
    QCOMPARE(load({"makers", "demo"}).value().certificates().size(), std::size_t{2});
    QVERIFY(load({"line-2"}).value().empty());
    QVERIFY(!load({"../makers"}).ok());
}

void TstTrustDirectory::theNewestImportTellsTheAgeOfSets()
{
    const auto age = [this](const std::vector<std::string>& sets) {
        return newestImport(readKnownTrust(trust(), sets).value().authoritiesIn(sets));
    };
    QVERIFY(!age({"makers", "demo"}));
    const auto later = utcNow();
    const auto earlier = later - std::chrono::days{40};
    const auto role = crypto::TrustRole::Anchor;
    QVERIFY(storeAuthority(trust(), "makers", m_room->root, {"maker.pem", earlier, role}).ok());
    QVERIFY(storeAuthority(trust(), "demo", m_room->orphan, {"demo.pem", later, role}).ok());
    const auto milliseconds = [](UtcTime time) { return toIso8601(time); };
    QCOMPARE(milliseconds(age({"makers"}).value()), milliseconds(earlier));
    QCOMPARE(milliseconds(age({"makers", "demo"}).value()), milliseconds(later));
}

void TstTrustDirectory::theFlatStoreOfOlderVersionsIsTheMakers()
{
    m_room->write("trust/" + m_room->root.sha256Hex() + ".pem", m_room->root);
    QCOMPARE(trustSetsIn(trust()).value(), std::vector<std::string>{"makers"});
    store("makers", m_room->below);
    QCOMPARE(load({"makers"}).value().certificates().size(), std::size_t{2});
    QVERIFY(load({"demo"}).value().empty());
    QVERIFY(!authoritiesOf(trust(), "makers").value().at(1).provenance);
}

void TstTrustDirectory::readsEverySuffixAndNothingElse()
{
    const auto other = test::makeCertificate(test::authorityPlan("A", "A"), m_room->key, m_room->key);
    m_room->write("trust/makers/a.pem", m_room->root);
    m_room->write("trust/makers/b.CRT", m_room->below);
    m_room->write("trust/makers/c.der", m_room->orphan.der());
    m_room->write("trust/makers/d.cer", other.der());
    m_room->write("trust/makers/readme.txt", asBytes("not a certificate"));
    m_room->write("trust/makers/.hidden.pem.Xq3", asBytes("left by a crash"));
    m_room->write("trust/makers/" + std::string(64, 'a') + ".json", asBytes("left by a crash"));
    fs::create_directory(trust() / "makers" / "folder.pem");
    QCOMPARE(load({"makers"}).value().certificates().size(), std::size_t{4});
}

void TstTrustDirectory::keepsWhereAnAuthorityCameFrom()
{
    const Provenance provenance{"TrustedTpm.cab: AMD/a.crt", utcNow(), crypto::TrustRole::Anchor};
    QVERIFY(storeAuthority(trust(), "makers", m_room->orphan, provenance).ok());
    QCOMPARE(std::distance(fs::directory_iterator{trust() / "makers"}, {}), std::ptrdiff_t{2}); // no draft is left
    const auto stored = authoritiesOf(trust(), "makers").value().at(0);
    QVERIFY(stored.provenance == provenance);
    QVERIFY(stored.role == crypto::TrustRole::Anchor);
    QVERIFY(load({"makers"}).value().roleOf(m_room->orphan) == crypto::TrustRole::Anchor);
}

void TstTrustDirectory::aProvenanceThatIsMissingAnchorsNothing()
{
    store("makers", m_room->orphan, crypto::TrustRole::Anchor);
    fs::remove(trust() / "makers" / (m_room->orphan.sha256Hex() + ".json"));
    QVERIFY(!load({"makers"}).value().hasPartialAnchors());
}

void TstTrustDirectory::whatANewerProgramMadeOfItVouchesForNothing()
{
    store("makers", m_room->root);
    store("makers", m_room->below);
    m_room->write(
        "trust/makers/" + m_room->root.sha256Hex() + ".json",
        asBytes(R"({"schema": "enrollment-station/trust-provenance/2", "source": "a.pem", "role": "responder"})"));
    const auto store = load({"makers"}).value();
    QCOMPARE(store.certificates().size(), std::size_t{1});
    QCOMPARE(store.certificates().front().der(), m_room->below.der());
    QVERIFY(!store.hasAnchors());
    const auto stored = authoritiesOf(trust(), "makers").value();
    QCOMPARE(stored.size(), std::size_t{2});
    QCOMPARE(std::ranges::count_if(stored, [](const auto& one) { return !one.role; }), std::ptrdiff_t{1});
    QVERIFY(newestImport(stored)); // that of the other
}

void TstTrustDirectory::aBrokenProvenanceIsNamed()
{
    store("makers", m_room->root);
    const auto file = m_room->write("trust/makers/" + m_room->root.sha256Hex() + ".json", asBytes("{"));
    const auto refused = load({"makers"});
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::DocumentMalformed);
    QVERIFY2(refused.error().what.starts_with(file.string()), refused.error().what.c_str());
    QCOMPARE(load({"demo"}).value().everyCertificate().size(), std::size_t{1});
}

void TstTrustDirectory::fileThatCannotBeUsedIsNamed_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("content");
    const auto leaf = test::makeCertificate({}, m_room->key, m_room->key);
    QTest::newRow("broken") << QStringLiteral("bad.pem") << QByteArray{"-----BEGIN CERTIFICATE-----\nnonsense"};
    QTest::newRow("no authority") << QStringLiteral("leaf.pem") << QByteArray::fromStdString(crypto::pemOf(leaf));
    QTest::newRow("one of two broken") << QStringLiteral("two.pem")
                                       << QByteArray::fromStdString(
                                              crypto::pemOf(m_room->below) +
                                              "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");
}

void TstTrustDirectory::fileThatCannotBeUsedIsNamed()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, content);
    store("makers", m_room->root);
    m_room->write("trust/makers/" + name.toStdString(), asBytes(content.toStdString()));
    const auto refused = load({"makers"});
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
    QVERIFY(refused.error().what.find(name.toStdString()) != std::string::npos);
    QVERIFY(load({"demo"}).ok()); // which is another set's matter
}

/// Without its authority a station would put every device of that maker on hold and not say why.
void TstTrustDirectory::namesAnAuthorityThatIsNoFile()
{
    fs::create_directories(trust() / "makers");
    for (const auto& kind : test::oddFiles()) {
        const auto file = trust() / "makers" / "maker.pem";
        kind.make(file);
        const auto loaded = load({"makers"});
        if (fs::is_directory(fs::symlink_status(file))) {
            QVERIFY(loaded.ok() && loaded->empty()); // folders of a set are not searched
        } else {
            QVERIFY2(!loaded.ok(), kind.name);
            QCOMPARE(loaded.error().code, StationCode::FileUnusable);
            QVERIFY2(loaded.error().what.starts_with(file.string()), loaded.error().what.c_str());
        }
        fs::remove(file);
    }
}

void TstTrustDirectory::removesEveryCopyInTheSet()
{
    m_room->write("trust/old.pem", m_room->root);
    store("makers", m_room->root);
    store("demo", m_room->root);
    QVERIFY(removeAuthority(authoritiesOf(trust(), "makers").value().at(0)).ok());
    QVERIFY(load({"makers"}).value().empty());
    QVERIFY(fs::is_empty(trust() / "makers"));
    QCOMPARE(load({"demo"}).value().certificates().size(), std::size_t{1});
}

void TstTrustDirectory::removesNothingBesideTheOneThatIsMeant()
{
    m_room->write("trust/makers/both.pem", asBytes(crypto::pemOf(m_room->root) + crypto::pemOf(m_room->below)));
    const auto refused = removeAuthority(authoritiesOf(trust(), "makers").value().at(0));
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::FileUnusable);
    QVERIFY(refused.error().what.find("both.pem") != std::string::npos);
    QCOMPARE(load({"makers"}).value().certificates().size(), std::size_t{2});
}

/// Nor is it lost where its authority comes back: a witness's file is there, and somebody put the list into it.
void TstTrustDirectory::writesOverNoListThatLiesBesideACertificate()
{
    store("makers", m_room->root);
    const auto list = test::pemBlock("X509 CRL", test::makeRevocationListDer({.issuer = "Root"}, m_room->key));
    const auto name = "trust/makers/" + authorityFileName(m_room->root);
    m_room->write(name, asBytes(crypto::pemOf(m_room->root) + list));
    store("makers", m_room->root);
    QCOMPARE(readKnownTrust(trust(), {}).value().lists.size(), std::size_t{1});
    m_room->write(name, asBytes("broken"));
    store("makers", m_room->root); // which mends it
    QCOMPARE(load({"makers"}).value().certificates().size(), std::size_t{1});
}

/// What is revoked would not be any more.
void TstTrustDirectory::removesNoListThatLiesBesideACertificate()
{
    const auto list = test::pemBlock("X509 CRL", test::makeRevocationListDer({.issuer = "Root"}, m_room->key));
    const auto file = m_room->write("trust/makers/both.pem", asBytes(crypto::pemOf(m_room->below) + list));
    store("makers", m_room->below);
    const auto refused = removeAuthority(authoritiesOf(trust(), "makers").value().at(0));
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::FileUnusable);
    QVERIFY2(refused.error().what.starts_with(file.string()), refused.error().what.c_str());
    QVERIFY(fs::exists(file));
    QCOMPARE(authoritiesOf(trust(), "makers").value().at(0).files.size(), std::size_t{2}); // nothing is half done
}

void TstTrustDirectory::saysWhatItCannotWrite()
{
    m_room->write("trust", asBytes("a file"));
    const auto refused = storeAuthority(trust(), "makers", m_room->root, {});
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::FileUnusable);
    fs::remove(trust());
    fs::create_directories(trust() / "makers" / (m_room->root.sha256Hex() + ".pem"));
    const auto blocked = storeAuthority(trust(), "makers", m_room->root, {});
    QVERIFY(!blocked.ok());
    QCOMPARE(blocked.error().code, StationCode::FileUnusable);
}

/// Root imports for the station's user, with a umask of its own.
void TstTrustDirectory::whoMayReadTheFilesMayReadTheirDirectory()
{
    const auto before = ::umask(077);
    store("lab", m_room->root);
    ::umask(before);
    constexpr fs::perms kAnyReader{0755};
    QVERIFY(fs::status(trust()).permissions() == kAnyReader);
    QVERIFY(fs::status(trust() / "lab").permissions() == kAnyReader);
    fs::permissions(trust() / "lab", fs::perms{0750});
    store("lab", m_room->below);
    QVERIFY(fs::status(trust() / "lab").permissions() == fs::perms{0750}); // somebody wants it so
}

void TstTrustDirectory::namesWhatNobodyReads()
{
    QVERIFY(unreadEntriesOf(trust()).empty());
    store("makers", m_room->root);
    m_room->write("trust/flat.pem", m_room->below);
    m_room->write("trust/makers/root.CRL", asBytes("list"));
    QVERIFY(unreadEntriesOf(trust()).empty());
    const std::vector<fs::path> wanted{m_room->write("trust/CRL!/l.crl", asBytes("list")).parent_path(),
                                       m_room->write("trust/makers/crl/l.crl", asBytes("list")).parent_path(),
                                       m_room->write("trust/makers/list.crl.txt", asBytes("list")),
                                       m_room->write("trust/makers/notes.json", asBytes("{}")),
                                       m_room->write("trust/root.p7b", asBytes("list"))};
    QCOMPARE(unreadEntriesOf(trust()), wanted);
}

QTEST_APPLESS_MAIN(TstTrustDirectory)
#include "tst_trust_directory.moc"

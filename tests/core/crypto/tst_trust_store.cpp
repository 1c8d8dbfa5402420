#include "core/base/station_code.h"
#include "core/crypto/trust_store.h"
#include "tests/support/certificate_maker.h"
#include "tests/support/odd_files.h"
#include "tests/support/test_data.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace enroll;
using namespace enroll::crypto;
namespace fs = std::filesystem;

class TstTrustStore : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void missingDirectoryIsAnEmptyStore();
    void whatIsNoDirectoryIsRefused();
    void readsEverySuffixAndNothingElse();
    void sameCertificateStandsOnce();
    void refusesALeafAsAuthority();
    void fileThatCannotBeUsedIsNamed();
    void importWritesPemNamedByFingerprint();
    void importTakesWhatIsNewOnly();
    void importTakesADirectory();
    void importTakesAFileWholeOrNotAtAll();
    void namesAnAuthorityThatIsNoFile();
    void importNamesTheMissingFile();
    void importSaysWhatItCannotWrite();

private:
    QTemporaryDir m_temporary;
    int m_number = 0;

    /// A fresh directory for each test.
    fs::path room()
    {
        auto path = fs::path{m_temporary.path().toStdString()} / std::to_string(++m_number);
        fs::create_directories(path);
        return path;
    }
    static void write(const fs::path& file, ByteView content)
    {
        std::ofstream{file, std::ios::binary} << asText(content);
    }
    Bytes m_root = test::testData("certificates/swtpm-root.pem");
    Bytes m_intermediate = test::testData("certificates/swtpm-intermediate.pem");
    Bytes m_leaf = test::testData("certificates/swtpm-ek-rsa2048.der");
};

void TstTrustStore::missingDirectoryIsAnEmptyStore()
{
    QVERIFY(TrustStore::fromDirectory(room() / "missing").value().empty());
}

void TstTrustStore::whatIsNoDirectoryIsRefused()
{
    const auto directory = room();
    write(directory / "file", {});
    fs::create_symlink("nowhere", directory / "link");
    for (const auto& path : {directory / "file", directory / "file" / "trust", directory / "link"}) {
        const auto refused = TrustStore::fromDirectory(path);
        QVERIFY2(!refused.ok(), path.c_str());
        QCOMPARE(refused.error().code, StationCode::FileUnusable);
        QVERIFY2(refused.error().what.starts_with(path.string()), refused.error().what.c_str());
    }
}

void TstTrustStore::readsEverySuffixAndNothingElse()
{
    const auto directory = room();
    write(directory / "a.pem", m_root);
    write(directory / "b.CRT", m_intermediate);
    const auto key = test::TestKey::ecc();
    write(directory / "c.der", test::makeCertificate(test::authorityPlan("A", "A"), key, key).der());
    write(directory / "d.cer", test::makeCertificate(test::authorityPlan("B", "B"), key, key).der());
    write(directory / "readme.txt", asBytes("not a certificate"));
    write(directory / ".hidden.pem.Xq3", asBytes("left by a crash"));
    fs::create_directory(directory / "folder.pem");
    QCOMPARE(TrustStore::fromDirectory(directory).value().certificates().size(), std::size_t{4});
}

void TstTrustStore::sameCertificateStandsOnce()
{
    TrustStore store;
    const auto root = certificatesFromFile(m_root).value().front();
    QCOMPARE(store.add(root).value(), true);
    QCOMPARE(store.add(root).value(), false);
    QCOMPARE(store.certificates().size(), std::size_t{1});
}

void TstTrustStore::refusesALeafAsAuthority()
{
    TrustStore store;
    const auto refused = store.add(Certificate::fromDer(m_leaf).value());
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
    QVERIFY(store.empty());
}

void TstTrustStore::fileThatCannotBeUsedIsNamed()
{
    const auto directory = room();
    write(directory / "good.pem", m_root);
    write(directory / "bad.pem", asBytes("-----BEGIN CERTIFICATE-----\nnonsense"));
    const auto refused = TrustStore::fromDirectory(directory);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
    QVERIFY(refused.error().what.find("bad.pem") != std::string::npos);
}

void TstTrustStore::importWritesPemNamedByFingerprint()
{
    const auto directory = room() / "made" / "on the way";
    const auto source = room() / "root.pem";
    write(source, m_root);
    const auto added = importTrust(source, directory).value();
    QCOMPARE(added.size(), std::size_t{1});
    QVERIFY(fs::exists(directory / (added[0].sha256Hex() + ".pem")));
    QCOMPARE(std::distance(fs::directory_iterator{directory}, {}), std::ptrdiff_t{1}); // no temporary is left
    const auto store = TrustStore::fromDirectory(directory).value();
    QCOMPARE(store.certificates().front().der(), added[0].der());
}

void TstTrustStore::importTakesWhatIsNewOnly()
{
    const auto directory = room();
    const auto source = room() / "bundle.pem";
    write(source, m_root);
    QCOMPARE(importTrust(source, directory).value().size(), std::size_t{1});
    write(source, concat({m_root, m_intermediate, m_intermediate}));
    const auto added = importTrust(source, directory).value();
    QCOMPARE(added.size(), std::size_t{1});
    QCOMPARE(added[0].subject(), std::string{"CN=swtpm-localca"});
    QVERIFY(importTrust(source, directory).value().empty());
}

void TstTrustStore::importTakesADirectory()
{
    const auto directory = room();
    const auto source = room();
    write(source / "root.pem", m_root);
    write(source / "intermediate.crt", m_intermediate);
    QCOMPARE(importTrust(source, directory).value().size(), std::size_t{2});
}

void TstTrustStore::importTakesAFileWholeOrNotAtAll()
{
    const auto directory = room();
    const auto source = room() / "mixed.pem";
    const auto oneBad = concat({m_root, asBytes("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n")});
    write(source, oneBad);
    const auto refused = importTrust(source, directory);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
    QVERIFY(fs::is_empty(directory));
}

/// Without its authority a station would put every device of that maker on hold and not say why.
void TstTrustStore::namesAnAuthorityThatIsNoFile()
{
    for (const auto& kind : test::oddFiles()) {
        const auto file = room() / "maker.pem";
        kind.make(file);
        const auto store = TrustStore::fromDirectory(file.parent_path());
        if (fs::is_directory(fs::symlink_status(file))) {
            QVERIFY(store.ok() && store->empty()); // folders are not searched
        } else {
            QVERIFY2(!store.ok(), kind.name);
            QCOMPARE(store.error().code, StationCode::FileUnusable);
            QVERIFY2(store.error().what.starts_with(file.string()), store.error().what.c_str());
        }
        fs::remove(file);
    }
}

void TstTrustStore::importNamesTheMissingFile()
{
    const auto refused = importTrust(room() / "missing.pem", room());
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::FileUnusable);
    QVERIFY(refused.error().what.find("missing.pem") != std::string::npos);
}

void TstTrustStore::importSaysWhatItCannotWrite()
{
    const auto source = room() / "root.pem";
    write(source, m_root);
    const auto refused = importTrust(source, source / "below a file");
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::JournalCannotSave);
}

QTEST_APPLESS_MAIN(TstTrustStore)
#include "tst_trust_store.moc"

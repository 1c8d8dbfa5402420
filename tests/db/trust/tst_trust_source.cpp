#include "core/base/station_code.h"
#include "db/trust/trust_source.h"
#include "tests/support/cabinet_maker.h"
#include "tests/support/certificate_forms.h"
#include "tests/support/odd_files.h"
#include "tests/support/trust_room.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::db::trust;
namespace fs = std::filesystem;

class TstTrustSource : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_room = std::make_unique<test::TrustRoom>(); }

    void readsADirectoryWithItsFolders();
    void readsACabinet();
    void skipsWhatIsBadAndKeepsTheRest();
    void aSingleFileOfNoUseIsAnError_data();
    void aSingleFileOfNoUseIsAnError();
    void aDirectoryWithoutCertificatesIsAnError();
    void linksDoNotLeadInACircle();
    void namesTheFilesWithRevocationLists();
    void foldersMayNotBeNestedWithoutEnd();
    void oddFilesAreSkipped();
    void refusesMoreFilesThanTheLimit();

private:
    std::unique_ptr<test::TrustRoom> m_room;
};

void TstTrustSource::readsADirectoryWithItsFolders()
{
    m_room->write("makers/AMD/RootCA/root.cer", m_room->root.der());
    m_room->write("makers/AMD/IntermediateCA/below.p7b", test::messageOf({m_room->below}));
    m_room->write("makers/setup.ps1", asBytes("script"));
    m_room->write("makers/orphan.PEM", m_room->orphan);
    const auto source = readTrustSource(m_room->path("makers")).value();
    QVERIFY(source.skipped.empty());
    QCOMPARE(source.certificates.size(), std::size_t{3});
    QCOMPARE(source.certificates[0].source, m_room->path("makers/AMD/IntermediateCA/below.p7b").string());
}

void TstTrustSource::namesTheFilesWithRevocationLists()
{
    const auto list = m_room->write("in/maker.CRL", asBytes("DER"));
    const auto block = test::pemBlock("X509 CRL", asBytes("DER"));
    const auto both = m_room->write("in/root.pem", asBytes(crypto::pemOf(m_room->root) + block));
    const auto source = readTrustSource(m_room->path("in")).value();
    QCOMPARE(source.listFiles, (std::vector{list.string(), both.string()}));
    QCOMPARE(source.certificates.size(), std::size_t{1});
    QVERIFY(source.skipped.empty());
}

void TstTrustSource::readsACabinet()
{
    const auto leaf = test::makeCertificate({}, m_room->key, m_room->key);
    const auto cabinet = test::cabinetOf({{"AMD\\RootCA\\root.cer", m_room->root.der()},
                                          {"AMD\\IntermediateCA\\below.crt", m_room->below.der()},
                                          {"AMD\\leaf.der", leaf.der()},
                                          {"STM\\bad.crt", toBytes(asBytes("no certificate"))},
                                          {"setup.ps1", toBytes(asBytes("script"))}});
    const auto file = m_room->write("TrustedTpm.cab", cabinet);
    const auto source = readTrustSource(file).value();
    QCOMPARE(source.certificates.size(), std::size_t{2});
    QCOMPARE(source.certificates[1].source, file.string() + ": AMD/IntermediateCA/below.crt");
    QCOMPARE(source.skipped.size(), std::size_t{2});
    QCOMPARE(source.skipped[1].source, file.string() + ": STM/bad.crt");
    QVERIFY(source.skipped[0].reason.what.find("not a certificate authority") != std::string::npos);
}

void TstTrustSource::skipsWhatIsBadAndKeepsTheRest()
{
    m_room->write("in/a.pem", m_room->root);
    m_room->write("in/bad.der", asBytes("nonsense"));
    m_room->write("in/empty.crt", {});
    m_room->write("in/cut.cab", ByteView{test::cabinetOf({{"x.cer", m_room->below.der()}})}.first(60));
    m_room->write("in/three.pem", asBytes(crypto::pemOf(m_room->below) + test::pemBlock("CERTIFICATE", asBytes("x")) +
                                          crypto::pemOf(m_room->orphan)));
    const auto source = readTrustSource(m_room->path("in")).value();
    QCOMPARE(source.certificates.size(), std::size_t{3});
    QCOMPARE(source.skipped.size(), std::size_t{4});
    QCOMPARE(source.skipped.back().source, m_room->path("in/three.pem").string() + ", certificate 2");
}

void TstTrustSource::aSingleFileOfNoUseIsAnError_data()
{
    QTest::addColumn<QByteArray>("content");
    const auto leaf = test::makeCertificate({}, m_room->key, m_room->key);
    QTest::newRow("empty") << QByteArray{};
    QTest::newRow("text") << QByteArray{"Dear maker,\n"};
    QTest::newRow("no authority") << QByteArray::fromStdString(crypto::pemOf(leaf));
    QTest::newRow("cabinet that ends at once") << QByteArray{"MSCF"};
}

void TstTrustSource::aSingleFileOfNoUseIsAnError()
{
    QFETCH(QByteArray, content);
    const auto file = m_room->write("maker.pem", asBytes(content.toStdString()));
    const auto refused = readTrustSource(file);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
    QVERIFY2(refused.error().what.starts_with(file.string()), refused.error().what.c_str());
}

void TstTrustSource::aDirectoryWithoutCertificatesIsAnError()
{
    m_room->write("in/letter.txt", asBytes("Dear maker,\n"));
    for (const auto* name : {"in", "missing.pem"}) {
        const auto refused = readTrustSource(m_room->path(name));
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, StationCode::FileUnusable);
        QVERIFY(refused.error().what.find(m_room->path(name).string()) != std::string::npos);
    }
}

void TstTrustSource::linksDoNotLeadInACircle()
{
    m_room->write("in/a/root.pem", m_room->root);
    m_room->write("elsewhere/below.pem", m_room->below);
    fs::create_directory_symlink("..", m_room->path("in/a/up"));
    fs::create_directory_symlink(m_room->path("elsewhere"), m_room->path("in/out"));
    fs::create_symlink(m_room->path("elsewhere/below.pem"), m_room->path("in/linked.pem"));
    const auto source = readTrustSource(m_room->path("in")).value();
    QCOMPARE(source.certificates.size(), std::size_t{2}); // the link to a file counts
    QCOMPARE(source.skipped.size(), std::size_t{2});
    QCOMPARE(source.skipped[0].source, m_room->path("in/a/up").string());
    QCOMPARE(source.skipped[1].source, m_room->path("in/out").string());
}

void TstTrustSource::foldersMayNotBeNestedWithoutEnd()
{
    std::string deep = "in";
    for (int i = 0; i < kDeepestFolder; ++i) {
        deep += "/d";
    }
    m_room->write(deep + "/root.pem", m_room->root);
    m_room->write(deep + "/d/below.pem", m_room->below);
    const auto source = readTrustSource(m_room->path("in")).value();
    QCOMPARE(source.certificates.size(), std::size_t{1});
    QCOMPARE(source.skipped.size(), std::size_t{1});
    QCOMPARE(source.skipped[0].source, m_room->path(deep + "/d").string());
}

void TstTrustSource::oddFilesAreSkipped()
{
    m_room->write("in/root.pem", m_room->root);
    for (const auto& kind : test::oddFiles()) {
        const auto odd = m_room->path("in/odd.pem");
        kind.make(odd);
        const auto source = readTrustSource(m_room->path("in")).value();
        QCOMPARE(source.certificates.size(), std::size_t{1});
        QCOMPARE(source.skipped.size(), fs::is_directory(fs::symlink_status(odd)) ? std::size_t{0} : std::size_t{1});
        fs::remove(odd);
    }
}

void TstTrustSource::refusesMoreFilesThanTheLimit()
{
    for (std::size_t i = 0; i <= kMostSourceFiles; ++i) {
        m_room->write("in/" + std::to_string(i) + ".pem", {});
    }
    const auto refused = readTrustSource(m_room->path("in"));
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::FileUnusable);
}

QTEST_APPLESS_MAIN(TstTrustSource)
#include "tst_trust_source.moc"

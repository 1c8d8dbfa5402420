#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/crypto/base64.h"
#include "core/crypto/revocation_list.h"
#include "tests/support/revocation_list_maker.h"

#include <QtTest>

#include <algorithm>

using namespace enroll;
using namespace enroll::crypto;
using namespace enroll::test;

namespace {

/// IssuingDistributionPoint {distributionPoint {fullName {URI:http://a}}}
constexpr auto kPointA = "critical,DER:300ea00ca00a8608687474703a2f2f61";

std::string pem(ByteView der)
{
    return "-----BEGIN X509 CRL-----\n" + toBase64(der) + "\n-----END X509 CRL-----\n";
}

} // namespace

class TstRevocationList : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void saysWhatItRevokes();
    void countsOnlyFromItsIssuer();
    void isRefused_data();
    void isRefused();
    void brokenBytesAreRefused();
    void coversWhatItSays_data();
    void coversWhatItSays();
    void namesTheIssuerOfAnEntry_data();
    void namesTheIssuerOfAnEntry();
    void answersForWhatNamesItsIssuer();
    void anEntryTakenBackRevokesNothing();
    void aNewerListHasTheSameScope();
    void readsPemAndDer();
    void refusesFilesWithoutLists();
    void isToldFromACertificateByItsBeginning();

private:
    TestKey m_key = TestKey::ecc();
    TestKey m_other = TestKey::ecc();
    TestKey m_ek = TestKey::ecc();
    Certificate m_issuer = makeCertificate(authorityPlan("Issuer", "Root"), m_key, m_other);

    [[nodiscard]] Certificate leaf(const CertificatePlan& changes = {}) const
    {
        auto plan = changes;
        plan.issuer = "Issuer";
        return makeCertificate(plan, m_ek, m_key);
    }
};

void TstRevocationList::saysWhatItRevokes()
{
    RevocationPlan plan;
    plan.serials = {7, 0x1001, 9};
    const auto list = makeRevocationList(plan, m_key);
    QCOMPARE(list.issuer(), std::string{"CN=Issuer"});
    QVERIFY(list.thisUpdate() == plan.thisUpdate);
    QVERIFY(list.nextUpdate() == plan.nextUpdate);
    QCOMPARE(list.size(), std::size_t{3});
    QVERIFY(list.revokedSince(leaf()) == plan.thisUpdate);
    CertificatePlan other;
    other.serial = 0x1002;
    QVERIFY(!list.revokedSince(leaf(other)));
    plan.nextUpdate.reset();
    QVERIFY(!makeRevocationList(plan, m_key).nextUpdate());
}

void TstRevocationList::countsOnlyFromItsIssuer()
{
    QVERIFY(makeRevocationList({}, m_key).isIssuedBy(m_issuer));
    QVERIFY(!makeRevocationList({}, m_other).isIssuedBy(m_issuer));
    RevocationPlan plan;
    plan.issuer = "Another";
    QVERIFY(!makeRevocationList(plan, m_key).isIssuedBy(m_issuer));
    auto mayNot = authorityPlan("Issuer", "Root");
    mayNot.keyUsage = "critical,keyCertSign";
    QVERIFY(!makeRevocationList({}, m_key).isIssuedBy(makeCertificate(mayNot, m_key, m_other)));
}

void TstRevocationList::isRefused_data()
{
    QTest::addColumn<std::string>("name");
    QTest::addColumn<std::string>("value");
    QTest::addColumn<std::string>("word");
    const auto row = [](const char* title, const char* name, const char* value, const char* word) {
        QTest::newRow(title) << std::string{name} << std::string{value} << std::string{word};
    };
    row("delta", "deltaCRL", "critical,DER:020101", "delta");
    row("delta, not critical", "deltaCRL", "DER:020101", "delta");
    row("attribute certificates", "issuingDistributionPoint", "critical,DER:30038501ff", "attribute");
    row("some reasons", "issuingDistributionPoint", "critical,DER:300483020640", "reasons");
    row("unreadable point", "issuingDistributionPoint", "critical,DER:0500", "readably");
    row("unknown and critical", "nsComment", "critical,DER:160161", "critical");
}

void TstRevocationList::isRefused()
{
    QFETCH(std::string, name);
    QFETCH(std::string, value);
    QFETCH(std::string, word);
    RevocationPlan plan;
    plan.extensions = {{name, value}};
    const auto refused = RevocationList::fromDer(makeRevocationListDer(plan, m_key));
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::KeyMaterialUnusable);
    QVERIFY2(refused.error().what.find(word) != std::string::npos, refused.error().what.c_str());
}

void TstRevocationList::brokenBytesAreRefused()
{
    RevocationPlan plan;
    plan.serials = {7};
    plan.extensions = {kIndirect};
    plan.entryExtensions = {{"certificateIssuer", "critical,DER:300586036c6f6c"}}; // an address
    const auto indirect = RevocationList::fromDer(makeRevocationListDer(plan, m_key));
    QVERIFY(!indirect.ok());
    QVERIFY(indirect.error().what.find("whose certificate") != std::string::npos);
    plan.entryExtensions = {{"CRLReason", "DER:0500"}};
    QVERIFY(!RevocationList::fromDer(makeRevocationListDer(plan, m_key)).ok());
    auto der = makeRevocationListDer({}, m_key);
    QVERIFY(!RevocationList::fromDer(ByteView{der}.first(der.size() - 1)).ok());
    der.push_back(std::byte{0});
    QVERIFY(!RevocationList::fromDer(der).ok());
    QVERIFY(!RevocationList::fromDer({}).ok());
}

void TstRevocationList::coversWhatItSays_data()
{
    QTest::addColumn<std::string>("point");
    QTest::addColumn<bool>("keys");
    QTest::addColumn<bool>("authorities");
    QTest::addColumn<bool>("keysOfThatPoint");
    QTest::newRow("everything") << std::string{} << true << true << true;
    QTest::newRow("keys alone") << std::string{"critical,DER:30038101ff"} << true << false << true;
    QTest::newRow("authorities alone") << std::string{"critical,DER:30038201ff"} << false << true << false;
    QTest::newRow("one point") << std::string{kPointA} << false << false << true;
}

void TstRevocationList::coversWhatItSays()
{
    QFETCH(std::string, point);
    QFETCH(bool, keys);
    QFETCH(bool, authorities);
    QFETCH(bool, keysOfThatPoint);
    RevocationPlan plan;
    if (!point.empty()) {
        plan.extensions = {{"issuingDistributionPoint", point}};
    }
    const auto list = makeRevocationList(plan, m_key);
    QCOMPARE(list.covers(leaf()), keys);
    QCOMPARE(list.covers(m_issuer), authorities);
    CertificatePlan ofPoint;
    ofPoint.extensions = {{"crlDistributionPoints", "URI:http://a"}};
    QCOMPARE(list.covers(leaf(ofPoint)), keysOfThatPoint);
    ofPoint.extensions = {{"crlDistributionPoints", "URI:http://b"}};
    QCOMPARE(list.covers(leaf(ofPoint)), keys);
}

void TstRevocationList::namesTheIssuerOfAnEntry_data()
{
    using Entries = std::vector<RevocationEntry>;
    QTest::addColumn<Entries>("entries");
    QTest::addColumn<bool>("revoked");
    QTest::newRow("none") << Entries{{7, "Issuer"}} << false;
    QTest::newRow("its own issuer") << Entries{{0x1001, "Issuer"}} << true;
    QTest::newRow("another issuer") << Entries{{0x1001, "Other"}} << false;
    QTest::newRow("the issuer of an entry before") << Entries{{7, "Issuer"}, {8}, {0x1001}} << true;
    QTest::newRow("the last one counts") << Entries{{7, "Issuer"}, {8, "Other"}, {0x1001}} << false;
    QTest::newRow("the list's own issuer") << Entries{{0x1001}} << false;
    QTest::newRow("two of one number") << Entries{{0x1001, "Other"}, {0x1001, "Issuer"}} << true;
    QTest::newRow("taken back") << Entries{{0x1001, "Issuer", true}} << false;
}

void TstRevocationList::namesTheIssuerOfAnEntry()
{
    QFETCH(std::vector<RevocationEntry>, entries);
    QFETCH(bool, revoked);
    RevocationPlan plan{.issuer = "Lister", .extensions = {kIndirect}, .entries = entries};
    const auto list = makeRevocationList(plan, m_other);
    QCOMPARE(list.revokedSince(leaf()).has_value(), revoked);
    plan.extensions.clear(); // it does not say that it is an indirect list
    const bool namesOthers =
        std::ranges::any_of(entries, [](const auto& one) { return !one.certificateIssuer.empty(); });
    QCOMPARE(RevocationList::fromDer(makeRevocationListDer(plan, m_other)).ok(), !namesOthers);
}

void TstRevocationList::answersForWhatNamesItsIssuer()
{
    const auto indirect = makeRevocationList({.issuer = "Lister", .extensions = {kIndirect}}, m_other);
    CertificatePlan naming;
    naming.extensions = {listsOfIssuer("Lister")};
    QVERIFY(indirect.answersFor(leaf(naming)));
    QVERIFY(indirect.covers(leaf(naming)));
    QVERIFY(!indirect.answersFor(leaf()));
    naming.extensions = {listsOfIssuer("Another")};
    QVERIFY(!indirect.answersFor(leaf(naming)));
    naming.extensions = {listsOfIssuer("Lister")};
    QVERIFY(!makeRevocationList({.issuer = "Lister"}, m_other).answersFor(leaf(naming)));
}

void TstRevocationList::anEntryTakenBackRevokesNothing()
{
    const auto list = makeRevocationList({.entries = {{0x1001, {}, true}}}, m_key);
    QCOMPARE(list.size(), std::size_t{1});
    QVERIFY(!list.revokedSince(leaf()));
}

void TstRevocationList::aNewerListHasTheSameScope()
{
    RevocationPlan newer;
    newer.serials = {1};
    newer.thisUpdate += std::chrono::hours{24};
    QCOMPARE(makeRevocationList(newer, m_key).scope(), makeRevocationList({}, m_key).scope());
    RevocationPlan ofPoint;
    ofPoint.extensions = {{"issuingDistributionPoint", kPointA}};
    QVERIFY(makeRevocationList(ofPoint, m_key).scope() != makeRevocationList({}, m_key).scope());
    RevocationPlan ofAnother;
    ofAnother.issuer = "Another";
    QVERIFY(makeRevocationList(ofAnother, m_key).scope() != makeRevocationList({}, m_key).scope());
}

void TstRevocationList::readsPemAndDer()
{
    const auto der = makeRevocationListDer({}, m_key);
    QCOMPARE(revocationListsFromFile(der).value().size(), std::size_t{1});
    const auto text = pem(der) + "a comment\n" + pem(der);
    QCOMPARE(revocationListsFromFile(asBytes(text)).value().size(), std::size_t{2});
}

void TstRevocationList::refusesFilesWithoutLists()
{
    QVERIFY(!revocationListsFromFile({}).ok());
    QVERIFY(!revocationListsFromFile(asBytes("nothing")).ok());
    QVERIFY(!revocationListsFromFile(asBytes(m_key.pem())).ok());
    QVERIFY(!revocationListsFromFile(m_issuer.der()).ok());
    std::string many;
    for (std::size_t i = 0; i <= kMostRevocationListsInFile; ++i) {
        many += pem(makeRevocationListDer({}, m_key));
    }
    QVERIFY(!revocationListsFromFile(asBytes(many)).ok());
}

/// A list that is broken off is no certificate that is broken off.
void TstRevocationList::isToldFromACertificateByItsBeginning()
{
    const auto list = makeRevocationListDer({.serials = {7}}, m_key);
    QVERIFY(isRevocationListInDer(list));
    QVERIFY(isRevocationListInDer(ByteView{list}.first(list.size() / 2)));
    QVERIFY(!isRevocationListInDer(m_issuer.der()));
    QVERIFY(!isRevocationListInDer(ByteView{m_issuer.der()}.first(m_issuer.der().size() / 2)));
    CertificatePlan first;
    first.serial = 1;
    first.version = 1;
    first.basicConstraints.clear();
    first.keyUsage.clear();
    first.extendedKeyUsage.clear();
    QVERIFY(!isRevocationListInDer(leaf(first).der()));
    for (const std::string_view text : {"", "0", "nonsense", "-----BEGIN X509 CRL-----"}) {
        QVERIFY(!isRevocationListInDer(asBytes(text)));
    }
}

QTEST_APPLESS_MAIN(TstRevocationList)
#include "tst_revocation_list.moc"

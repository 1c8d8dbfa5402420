#include "core/crypto/certificate_path.h"
#include "tests/support/activation_vectors.h"
#include "tests/support/certificate_maker.h"

#include <QtTest>

#include <algorithm>

using namespace enroll;
using namespace enroll::crypto;
using namespace enroll::test;

namespace {

const UtcTime kNow{std::chrono::sys_days{std::chrono::year{2030} / 6 / 1}};
const UtcTime kLongAgo{std::chrono::sys_days{std::chrono::year{2021} / 1 / 1}};

TrustStore trusting(std::initializer_list<Certificate> certificates)
{
    TrustStore store;
    for (const auto& certificate : certificates) {
        (void)store.add(certificate).value();
    }
    return store;
}

bool isTrustedWith(const std::vector<PathRemark>& remarks, const PathJudgement& judgement)
{
    std::vector<PathRemark> found;
    std::ranges::transform(judgement.notes, std::back_inserter(found), &PathNote::remark);
    return judgement.result == PathResult::Trusted && found == remarks;
}

Certificate fromFile(const char* name)
{
    return certificatesFromFile(testData(name)).value().front();
}

} // namespace

class TstCertificatePath : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void softwareTpmIsTrustedWithRootAndIntermediate_data();
    void softwareTpmIsTrustedWithRootAndIntermediate();
    void softwareTpmIsUnknownWithoutItsRoot();
    void intermediateInTheStoreIsNoAnchor();
    void intermediateAddedAsAnAnchorEndsThePath_data();
    void intermediateAddedAsAnAnchorEndsThePath();
    void anchorWithoutRootIsStillChecked();
    void anchorWithoutRootAnchorsNothingElse();
    void unknownIssuerWithoutAnchors();
    void expiredLeafIsNotRefused();
    void leafOfTheFutureIsNotRefused();
    void expiredIssuerIsNoted();
    void issuerOfTheFutureIsNoted();
    void pathWithoutANoteIsPreferred();
    void signatureOfAnotherKeyIsInvalid();
    void authoritiesMayShareAName_data();
    void authoritiesMayShareAName();
    void forgedLeafBelowAuthoritiesOfOneNameIsInvalid();
    void issuerThatIsNoAuthorityIsInvalid();
    void pathLongerThanTheIssuerAllowsIsInvalid();
    void unknownCriticalExtensionIsInvalid();
    void unreadableExtensionIsInvalid();
    void subjectDirectoryAttributesMayBeCritical();
    void listedExtensionDoesNotExcuseAnUnknownOne();
    void listedExtensionIsNotExcusedAtAnIssuer();
    void sha1IssuerIsNoted();
    void md5IssuerIsInvalid();
    void selfSignedLeafOutsideTheStoreIsUnknown();
    void oaepLeafIsTrusted();
    void oaepLeafOfAnotherKeyIsInvalid();
    void oaepLeafBelowARenewedIssuerIsTrusted_data();
    void oaepLeafBelowARenewedIssuerIsTrusted();
    void oaepLeafBelowExpiredIssuerIsNoted();
    void oaepLeafWithUnknownCriticalExtensionIsInvalid();
    void oaepLeafBelowTooLongAPathIsInvalid();
    void oaepLeafThatExpiredIsNotRefused();
    void textsAreTheWordsOfTheRunDocument();

private:
    TestKey m_rootKey = TestKey::ecc();
    TestKey m_issuerKey = TestKey::ecc();
    TestKey m_otherKey = TestKey::ecc();
    TestKey m_ek = TestKey::fromPem(ActivationVectors{}.text("ekPrivatePem"));
    Certificate m_root = makeCertificate(authorityPlan("Test Root", "Test Root"), m_rootKey, m_rootKey);

    [[nodiscard]] Certificate leafOf(const CertificatePlan& plan) const
    {
        return makeCertificate(plan, m_ek, m_rootKey);
    }
    [[nodiscard]] PathJudgement judged(const CertificatePlan& plan) const
    {
        return judgePath(leafOf(plan), trusting({m_root}), {}, kNow);
    }
    /// Root, an issuer made from \p issuer, and a leaf below it.
    [[nodiscard]] PathJudgement judgedBelow(const CertificatePlan& issuer, CertificatePlan leaf = {}) const
    {
        leaf.issuer = issuer.subject;
        const std::vector helpers{makeCertificate(issuer, m_issuerKey, m_rootKey)};
        return judgePath(makeCertificate(leaf, m_ek, m_issuerKey), trusting({m_root}), helpers, kNow);
    }
    /// A store whose one anchor is an intermediate, made from \p issuer.
    [[nodiscard]] TrustStore anchoredAt(const CertificatePlan& issuer) const
    {
        TrustStore store;
        (void)store.addAnchor(makeCertificate(issuer, m_issuerKey, m_otherKey)).value();
        return store;
    }
    static CertificatePlan oaepPlan()
    {
        CertificatePlan plan;
        plan.keyForm = SubjectKeyForm::RsaesOaep;
        return plan;
    }
};

void TstCertificatePath::softwareTpmIsTrustedWithRootAndIntermediate_data()
{
    QTest::addColumn<std::string>("file");
    QTest::newRow("RSA") << std::string{"certificates/swtpm-ek-rsa2048.der"};
    QTest::newRow("P-384") << std::string{"certificates/swtpm-ek-p384.der"};
}

void TstCertificatePath::softwareTpmIsTrustedWithRootAndIntermediate()
{
    QFETCH(std::string, file);
    const auto leaf = fromFile(file.c_str());
    const auto root = fromFile("certificates/swtpm-root.pem");
    const auto intermediate = fromFile("certificates/swtpm-intermediate.pem");
    const auto fromStore = judgePath(leaf, trusting({root, intermediate}), {}, kNow);
    QCOMPARE(fromStore.result, PathResult::Trusted);
    QVERIFY(fromStore.reason.empty());
    QCOMPARE(fromStore.chain.size(), std::size_t{3});
    QCOMPARE(fromStore.chain.front().der(), leaf.der());
    QCOMPARE(fromStore.chain.back().der(), root.der());
    QCOMPARE(judgePath(leaf, trusting({root}), std::vector{intermediate}, kNow).result, PathResult::Trusted);
}

void TstCertificatePath::softwareTpmIsUnknownWithoutItsRoot()
{
    const auto leaf = fromFile("certificates/swtpm-ek-rsa2048.der");
    const auto intermediate = fromFile("certificates/swtpm-intermediate.pem");
    const auto root = fromFile("certificates/swtpm-root.pem");
    QCOMPARE(judgePath(leaf, trusting({root}), {}, kNow).result, PathResult::UnknownIssuer);
    QCOMPARE(judgePath(leaf, trusting({m_root}), std::vector{intermediate}, kNow).result, PathResult::UnknownIssuer);
    // A root that the device itself brings along proves nothing.
    QCOMPARE(judgePath(leaf, trusting({m_root}), std::vector{intermediate, root}, kNow).result,
             PathResult::UnknownIssuer);
}

void TstCertificatePath::intermediateInTheStoreIsNoAnchor()
{
    const auto leaf = fromFile("certificates/swtpm-ek-rsa2048.der");
    const auto intermediate = fromFile("certificates/swtpm-intermediate.pem");
    QCOMPARE(judgePath(leaf, trusting({intermediate}), {}, kNow).result, PathResult::UnknownIssuer);
}

void TstCertificatePath::intermediateAddedAsAnAnchorEndsThePath_data()
{
    QTest::addColumn<SubjectKeyForm>("form");
    QTest::newRow("usual key") << SubjectKeyForm::Usual;
    QTest::newRow("rsaesOaep key") << SubjectKeyForm::RsaesOaep;
}

void TstCertificatePath::intermediateAddedAsAnAnchorEndsThePath()
{
    CertificatePlan plan;
    plan.issuer = "Issuer";
    QFETCH(SubjectKeyForm, form);
    plan.keyForm = form;
    const auto judgement = judgePath(makeCertificate(plan, m_ek, m_issuerKey),
                                     anchoredAt(authorityPlan("Issuer", "Root That Nobody Has")), {}, kNow);
    QVERIFY2(judgement.result == PathResult::Trusted, judgement.reason.c_str());
    QCOMPARE(judgement.chain.size(), std::size_t{2});
    QCOMPARE(judgement.chain.back().subject(), std::string{"CN=Issuer"});
}

void TstCertificatePath::anchorWithoutRootIsStillChecked()
{
    CertificatePlan leaf;
    leaf.issuer = "Issuer";
    auto expired = authorityPlan("Issuer", "Root That Nobody Has");
    expired.notAfter = kNow - std::chrono::hours{24};
    const auto below = makeCertificate(leaf, m_ek, m_issuerKey);
    QVERIFY(isTrustedWith({PathRemark::IssuerExpired}, judgePath(below, anchoredAt(expired), {}, kNow)));
    const auto forged = makeCertificate(leaf, m_ek, m_otherKey);
    QCOMPARE(judgePath(forged, anchoredAt(authorityPlan("Issuer", "Root That Nobody Has")), {}, kNow).result,
             PathResult::Invalid);
}

/// One such anchor must not turn the other intermediates of the store, or those that a device brings, into anchors.
void TstCertificatePath::anchorWithoutRootAnchorsNothingElse()
{
    auto store = anchoredAt(authorityPlan("Issuer", "Root That Nobody Has"));
    const auto other = makeCertificate(authorityPlan("Other", "Another Root"), m_otherKey, m_rootKey);
    QVERIFY(store.add(other).value());
    CertificatePlan leaf;
    leaf.issuer = "Other";
    const auto below = makeCertificate(leaf, m_ek, m_otherKey);
    QCOMPARE(judgePath(below, store, {}, kNow).result, PathResult::UnknownIssuer);
    const auto mine = makeCertificate(authorityPlan("Mine", "Mine"), m_rootKey, m_rootKey);
    leaf.issuer = "Mine";
    QCOMPARE(judgePath(makeCertificate(leaf, m_ek, m_rootKey), store, std::vector{mine}, kNow).result,
             PathResult::UnknownIssuer);
}

void TstCertificatePath::unknownIssuerWithoutAnchors()
{
    const auto judgement = judgePath(leafOf({}), {}, {}, kNow);
    QCOMPARE(judgement.result, PathResult::UnknownIssuer);
    QVERIFY(!judgement.reason.empty());
}

void TstCertificatePath::expiredLeafIsNotRefused()
{
    CertificatePlan plan;
    plan.notAfter = kLongAgo;
    QCOMPARE(judged(plan).result, PathResult::Trusted);
}

void TstCertificatePath::leafOfTheFutureIsNotRefused()
{
    CertificatePlan plan;
    plan.notBefore = kNow + std::chrono::hours{1};
    QCOMPARE(judged(plan).result, PathResult::Trusted);
}

void TstCertificatePath::expiredIssuerIsNoted()
{
    auto issuer = authorityPlan("Issuer", "Test Root");
    QVERIFY(isTrustedWith({}, judgedBelow(issuer)));
    issuer.notAfter = kLongAgo;
    QVERIFY(isTrustedWith({PathRemark::IssuerExpired}, judgedBelow(issuer)));
    auto root = authorityPlan("Test Root", "Test Root");
    root.notAfter = kLongAgo;
    const auto judgement = judgePath(leafOf({}), trusting({makeCertificate(root, m_rootKey, m_rootKey)}), {}, kNow);
    QVERIFY(isTrustedWith({PathRemark::IssuerExpired}, judgement));
    QVERIFY(judgement.notes.front().text.find("'CN=Test Root'") != std::string::npos);
}

void TstCertificatePath::issuerOfTheFutureIsNoted()
{
    auto issuer = authorityPlan("Issuer", "Test Root");
    issuer.notBefore = kNow + std::chrono::hours{1};
    QVERIFY(isTrustedWith({PathRemark::IssuerNotYetValid}, judgedBelow(issuer)));
}

/// An authority that was renewed with the same key is there twice.
void TstCertificatePath::pathWithoutANoteIsPreferred()
{
    const auto plan = authorityPlan("Issuer", "Test Root");
    auto oldPlan = plan;
    oldPlan.notAfter = kLongAgo;
    const std::vector helpers{makeCertificate(oldPlan, m_issuerKey, m_rootKey),
                              makeCertificate(plan, m_issuerKey, m_rootKey)};
    CertificatePlan leaf;
    leaf.issuer = "Issuer";
    QVERIFY(isTrustedWith({}, judgePath(makeCertificate(leaf, m_ek, m_issuerKey), trusting({m_root}), helpers, kNow)));
}

void TstCertificatePath::signatureOfAnotherKeyIsInvalid()
{
    const auto forged = makeCertificate({}, m_ek, m_otherKey);
    QCOMPARE(judgePath(forged, trusting({m_root}), {}, kNow).result, PathResult::Invalid);
}

/// A maker that starts anew under its old name; its certificates do not say which key signed them.
void TstCertificatePath::authoritiesMayShareAName_data()
{
    QTest::addColumn<bool>("signerFirst");
    QTest::newRow("the signer first") << true;
    QTest::newRow("the signer last") << false;
}

void TstCertificatePath::authoritiesMayShareAName()
{
    QFETCH(bool, signerFirst);
    const auto namesake = makeCertificate(authorityPlan("Test Root", "Test Root"), m_otherKey, m_otherKey);
    const auto roots = signerFirst ? trusting({m_root, namesake}) : trusting({namesake, m_root});
    QCOMPARE(judgePath(leafOf({}), roots, {}, kNow).result, PathResult::Trusted);
    QCOMPARE(judgePath(leafOf(oaepPlan()), roots, {}, kNow).result, PathResult::Trusted);

    const auto issuer = authorityPlan("Issuer", "Test Root");
    std::vector helpers{makeCertificate(issuer, m_issuerKey, m_rootKey), makeCertificate(issuer, m_otherKey, m_rootKey),
                        makeCertificate(issuer, m_ek, m_otherKey)}; // leads to the namesake, which is trusted or not
    if (!signerFirst) {
        std::ranges::reverse(helpers);
    }
    CertificatePlan plan;
    plan.issuer = "Issuer";
    const auto leaf = makeCertificate(plan, m_ek, m_issuerKey);
    QCOMPARE(judgePath(leaf, roots, helpers, kNow).result, PathResult::Trusted);
    QCOMPARE(judgePath(leaf, trusting({m_root}), helpers, kNow).result, PathResult::Trusted);
}

void TstCertificatePath::forgedLeafBelowAuthoritiesOfOneNameIsInvalid()
{
    const auto namesake = makeCertificate(authorityPlan("Test Root", "Test Root"), m_otherKey, m_otherKey);
    const auto forged = makeCertificate({}, m_ek, m_issuerKey);
    QCOMPARE(judgePath(forged, trusting({m_root, namesake}), {}, kNow).result, PathResult::Invalid);
}

void TstCertificatePath::issuerThatIsNoAuthorityIsInvalid()
{
    auto issuer = authorityPlan("Issuer", "Test Root");
    issuer.basicConstraints = "critical,CA:FALSE";
    QCOMPARE(judgedBelow(issuer).result, PathResult::Invalid);
}

void TstCertificatePath::pathLongerThanTheIssuerAllowsIsInvalid()
{
    auto plan = authorityPlan("Test Root", "Test Root");
    plan.basicConstraints = "critical,CA:TRUE,pathlen:0";
    const auto root = makeCertificate(plan, m_rootKey, m_rootKey);
    const std::vector helpers{makeCertificate(authorityPlan("Issuer", "Test Root"), m_issuerKey, m_rootKey)};
    CertificatePlan leaf;
    leaf.issuer = "Issuer";
    QCOMPARE(judgePath(makeCertificate(leaf, m_ek, m_issuerKey), trusting({root}), helpers, kNow).result,
             PathResult::Invalid);
}

void TstCertificatePath::unknownCriticalExtensionIsInvalid()
{
    CertificatePlan plan;
    plan.others = {{"1.2.3.4.5", false}};
    QCOMPARE(judged(plan).result, PathResult::Trusted);
    plan.others = {{"1.2.3.4.5", true}};
    QCOMPARE(judged(plan).result, PathResult::Invalid);
}

void TstCertificatePath::unreadableExtensionIsInvalid()
{
    CertificatePlan plan;
    plan.keyUsage = "DER:0500";
    QCOMPARE(judged(plan).result, PathResult::Invalid);
    plan = oaepPlan();
    plan.keyUsage = "DER:0500";
    QCOMPARE(judged(plan).result, PathResult::Invalid);
}

void TstCertificatePath::subjectDirectoryAttributesMayBeCritical()
{
    CertificatePlan plan;
    plan.others = {{"2.5.29.9", true}};
    QCOMPARE(judged(plan).result, PathResult::Trusted);
}

void TstCertificatePath::listedExtensionDoesNotExcuseAnUnknownOne()
{
    CertificatePlan plan;
    plan.others = {{"2.5.29.9", true}, {"1.2.3.4.5", true}};
    QCOMPARE(judged(plan).result, PathResult::Invalid);
}

void TstCertificatePath::listedExtensionIsNotExcusedAtAnIssuer()
{
    auto issuer = authorityPlan("Issuer", "Test Root");
    issuer.others = {{"2.5.29.9", true}};
    QCOMPARE(judgedBelow(issuer).result, PathResult::Invalid);
    QCOMPARE(judgedBelow(issuer, oaepPlan()).result, PathResult::Invalid);
}

void TstCertificatePath::sha1IssuerIsNoted()
{
    auto issuer = authorityPlan("Issuer", "Test Root");
    issuer.signature = TestSignature::Sha1;
    QVERIFY(isTrustedWith({PathRemark::Sha1Signature}, judgedBelow(issuer)));
}

void TstCertificatePath::md5IssuerIsInvalid()
{
    const auto rsa = TestKey::fromPem(ActivationVectors{}.text("srkPrivatePem"));
    const auto root = makeCertificate(authorityPlan("Test Root", "Test Root"), rsa, rsa);
    CertificatePlan plan;
    QCOMPARE(judgePath(makeCertificate(plan, m_ek, rsa), trusting({root}), {}, kNow).result, PathResult::Trusted);
    plan.signature = TestSignature::Md5;
    QCOMPARE(judgePath(makeCertificate(plan, m_ek, rsa), trusting({root}), {}, kNow).result, PathResult::Invalid);
}

void TstCertificatePath::selfSignedLeafOutsideTheStoreIsUnknown()
{
    CertificatePlan plan;
    plan.issuer = plan.subject;
    const auto leaf = makeCertificate(plan, m_ek, m_ek);
    QCOMPARE(judgePath(leaf, trusting({m_root}), {}, kNow).result, PathResult::UnknownIssuer);
}

void TstCertificatePath::oaepLeafIsTrusted()
{
    const auto judgement = judged(oaepPlan());
    QCOMPARE(judgement.result, PathResult::Trusted);
    QCOMPARE(judgement.chain.size(), std::size_t{2});
    QCOMPARE(judgedBelow(authorityPlan("Issuer", "Test Root"), oaepPlan()).result, PathResult::Trusted);
    QCOMPARE(judgePath(leafOf(oaepPlan()), {}, {}, kNow).result, PathResult::UnknownIssuer);
}

void TstCertificatePath::oaepLeafOfAnotherKeyIsInvalid()
{
    auto plan = oaepPlan();
    QCOMPARE(judgePath(makeCertificate(plan, m_ek, m_otherKey), trusting({m_root}), {}, kNow).result,
             PathResult::Invalid);
    plan.issuer = "Nobody";
    QCOMPARE(judgePath(makeCertificate(plan, m_ek, m_otherKey), trusting({m_root}), {}, kNow).result,
             PathResult::UnknownIssuer);
}

void TstCertificatePath::oaepLeafBelowARenewedIssuerIsTrusted_data()
{
    QTest::addColumn<bool>("oldFirst");
    QTest::newRow("old copy first") << true;
    QTest::newRow("new copy first") << false;
}

void TstCertificatePath::oaepLeafBelowARenewedIssuerIsTrusted()
{
    QFETCH(bool, oldFirst);
    const auto plan = authorityPlan("Issuer", "Test Root");
    auto oldPlan = plan;
    oldPlan.notAfter = kLongAgo;
    std::vector helpers{makeCertificate(oldPlan, m_issuerKey, m_rootKey),
                        makeCertificate(plan, m_issuerKey, m_rootKey)};
    if (!oldFirst) {
        std::ranges::reverse(helpers);
    }
    auto leaf = oaepPlan();
    leaf.issuer = "Issuer";
    QCOMPARE(judgePath(makeCertificate(leaf, m_ek, m_issuerKey), trusting({m_root}), helpers, kNow).result,
             PathResult::Trusted);
}

void TstCertificatePath::oaepLeafBelowExpiredIssuerIsNoted()
{
    auto issuer = authorityPlan("Issuer", "Test Root");
    issuer.notAfter = kLongAgo;
    QVERIFY(isTrustedWith({PathRemark::IssuerExpired}, judgedBelow(issuer, oaepPlan())));
}

void TstCertificatePath::oaepLeafWithUnknownCriticalExtensionIsInvalid()
{
    auto plan = oaepPlan();
    plan.others = {{"1.2.3.4.5", true}};
    QCOMPARE(judged(plan).result, PathResult::Invalid);
}

void TstCertificatePath::oaepLeafBelowTooLongAPathIsInvalid()
{
    auto plan = authorityPlan("Test Root", "Test Root");
    plan.basicConstraints = "critical,CA:TRUE,pathlen:0";
    const auto root = makeCertificate(plan, m_rootKey, m_rootKey);
    const std::vector helpers{makeCertificate(authorityPlan("Issuer", "Test Root"), m_issuerKey, m_rootKey)};
    auto leaf = oaepPlan();
    QCOMPARE(judgePath(makeCertificate(leaf, m_ek, m_rootKey), trusting({root}), {}, kNow).result, PathResult::Trusted);
    leaf.issuer = "Issuer";
    QCOMPARE(judgePath(makeCertificate(leaf, m_ek, m_issuerKey), trusting({root}), helpers, kNow).result,
             PathResult::Invalid);
}

void TstCertificatePath::oaepLeafThatExpiredIsNotRefused()
{
    auto plan = oaepPlan();
    plan.notAfter = kLongAgo;
    QCOMPARE(judged(plan).result, PathResult::Trusted);
}

void TstCertificatePath::textsAreTheWordsOfTheRunDocument()
{
    QVERIFY(pathResultText(PathResult::Trusted) == "trusted");
    QVERIFY(pathResultText(PathResult::UnknownIssuer) == "unknown-issuer");
    QVERIFY(pathResultText(PathResult::Invalid) == "invalid");
    QVERIFY(pathResultText(PathResult::NotChecked) == "not-checked");
}

QTEST_APPLESS_MAIN(TstCertificatePath)
#include "tst_certificate_path.moc"

#include "core/crypto/certificate_path.h"
#include "tests/support/maker_hierarchy.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::crypto;
using namespace enroll::test;

/// Lists of revoked certificates by somebody whom the certificates' own issuer named for that, as Intel's on-die
/// authorities do.
namespace {

CertificatePlan listerPlan(const char* issuer = "Root")
{
    CertificatePlan plan;
    plan.subject = "Lister";
    plan.issuer = issuer;
    plan.serial = 0x31;
    plan.keyUsage = "critical,cRLSign";
    plan.extendedKeyUsage.clear();
    return plan;
}

RevocationList listOf(std::vector<RevocationEntry> entries, const TestKey& signer = keys().third)
{
    return makeRevocationList({.issuer = "Lister", .extensions = {kIndirect}, .entries = std::move(entries)}, signer);
}

/// A leaf that names the lister, and a list that revokes it.
MakerHierarchy revokedByLister()
{
    MakerHierarchy made;
    made.leaf.extensions = {listsOfIssuer("Lister")};
    made.after = {makeCertificate(listerPlan(), keys().third, keys().root)};
    made.lists = {listOf({{0x1001, "Issuer"}})};
    return made;
}

struct Row {
    const char* name;
    std::vector<PathRemark> remarks;
    void (*change)(MakerHierarchy&);
};

const std::vector<Row>& rows()
{
    static const std::vector<Row> value{
        {"revoked", {PathRemark::Revoked}, [](MakerHierarchy&) {}},
        {"another one is revoked",
         {},
         [](MakerHierarchy& h) {
             h.lists = {listOf({{7, "Issuer"}})};
         }},
        {"of another issuer",
         {},
         [](MakerHierarchy& h) {
             h.lists = {listOf({{0x1001, "Other"}})};
         }},
        {"taken back",
         {},
         [](MakerHierarchy& h) {
             h.lists = {listOf({{0x1001, "Issuer", true}})};
         }},
        {"the certificate names no lister", {}, [](MakerHierarchy& h) { h.leaf.extensions.clear(); }},
        {"the certificate names another lister",
         {PathRemark::NoRevocationList},
         [](MakerHierarchy& h) { h.leaf.extensions = {listsOfIssuer("Another")}; }},
        {"signed by another key",
         {PathRemark::NoRevocationList},
         [](MakerHierarchy& h) {
             h.lists = {listOf({{0x1001, "Issuer"}}, keys().other)};
         }},
        {"the lister is not known", {PathRemark::NoRevocationList}, [](MakerHierarchy& h) { h.after.clear(); }},
        {"the lister is of another root",
         {PathRemark::NoRevocationList},
         [](MakerHierarchy& h) {
             h.after = {makeCertificate(authorityPlan("Foreign", "Foreign"), keys().other, keys().other),
                        makeCertificate(listerPlan("Foreign"), keys().third, keys().other)};
         }},
        {"the lister may not sign lists",
         {PathRemark::NoRevocationList},
         [](MakerHierarchy& h) {
             auto plan = authorityPlan("Lister", "Root");
             plan.keyUsage = "critical,keyCertSign";
             h.after = {makeCertificate(plan, keys().third, keys().root)};
         }},
        {"the anchor is below who signed the lister",
         {PathRemark::Revoked},
         [](MakerHierarchy& h) { h.anchorsIssuer = true; }},
        {"the anchor is below who signed the lister, both witnesses",
         {PathRemark::Revoked},
         [](MakerHierarchy& h) {
             h.anchorsIssuer = true;
             h.hasRoot = false;
             h.witnesses = {h.rootCertificate(), h.after.front()};
             h.after.clear();
         }},
        {"the lister is a witness", {PathRemark::Revoked}, [](MakerHierarchy& h) { h.witnesses.swap(h.after); }},
        {"the lister is an authority",
         {PathRemark::Revoked},
         [](MakerHierarchy& h) {
             h.after = {makeCertificate(authorityPlan("Lister", "Root"), keys().third, keys().root)};
         }},
    };
    return value;
}

} // namespace

class TstIndirectLists : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void countWhereTheCertificateNamesThem_data()
    {
        QTest::addColumn<std::size_t>("place");
        for (std::size_t i = 0; i < rows().size(); ++i) {
            QTest::newRow(rows()[i].name) << i;
        }
    }
    void countWhereTheCertificateNamesThem()
    {
        QFETCH(std::size_t, place);
        auto made = revokedByLister();
        rows()[place].change(made);
        const auto judged = judgePath(made.leafCertificate(), made.store(), made.helpers(), kNow);
        std::vector<PathRemark> remarks;
        std::ranges::transform(judged.notes, std::back_inserter(remarks), &PathNote::remark);
        QVERIFY2(remarks == rows()[place].remarks, judged.reason.c_str());
        const bool revoked = remarks == std::vector{PathRemark::Revoked};
        QCOMPARE(judged.result, revoked ? PathResult::Invalid : PathResult::Trusted);
    }

    /// Its signer's own path decides, whether it ends at the anchor or above it.
    void countUnderTheAnchorsThatTheirSignerLeadsTo()
    {
        const auto root = makeCertificate(authorityPlan("Root", "Root"), keys().root, keys().root);
        const auto anchor = makeCertificate(authorityPlan("Issuer", "Root"), keys().issuer, keys().root);
        const auto between = makeCertificate(authorityPlan("Between", "Root"), keys().third, keys().root);
        const auto lister = makeCertificate(listerPlan("Between"), keys().third, keys().third);
        const std::vector all{root, anchor, between, lister};
        QVERIFY(mayAnswerUnder(lister, root, all));
        QVERIFY(mayAnswerUnder(lister, anchor, all));
        QVERIFY(!mayAnswerUnder(lister, root, std::vector{root, anchor, lister}));
        QVERIFY(!mayAnswerUnder(lister, anchor, std::vector{anchor, between, lister}));
        QVERIFY(mayAnswerUnder(lister, between, all));
    }

    void aListerIsNoAuthority()
    {
        const auto lister = makeCertificate(listerPlan("Lister"), keys().third, keys().third);
        TrustStore store;
        QVERIFY(store.addAnchor(lister).ok());
        QVERIFY(store.roleOf(lister) == TrustRole::Intermediate);
        CertificatePlan below;
        below.issuer = "Lister";
        const auto judged = judgePath(makeCertificate(below, keys().ek, keys().third), store, {}, kNow);
        QVERIFY(judged.result != PathResult::Trusted);
    }
};

QTEST_APPLESS_MAIN(TstIndirectLists)
#include "tst_indirect_lists.moc"

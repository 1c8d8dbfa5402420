#include "core/crypto/certificate_path.h"
#include "tests/support/maker_hierarchy.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::crypto;
using namespace enroll::test;

/// Which of an authority's certificates is on the path does not decide whether its lists count.
namespace {

/// Another certificate of an authority, which may sign certificates and no lists.
Certificate withoutLists(const char* subject, const TestKey& key)
{
    auto plan = authorityPlan(subject, "Root");
    plan.serial = 0x2003;
    plan.keyUsage = "critical,keyCertSign";
    return makeCertificate(plan, key, keys().root);
}

Certificate issuersOther()
{
    return withoutLists("Issuer", keys().issuer);
}

RevocationList listOfIssuer(long serial)
{
    return makeRevocationList({.serials = {serial}}, keys().issuer);
}

void revokeIssuer(MakerHierarchy& made)
{
    made.issuer.serial = 0x21;
    made.lists = {makeRevocationList({.issuer = "Root", .serials = {0x21}}, keys().root)};
}

/// The issuer is below an authority that the root revoked, and ends paths itself.
void anchorBelowARevokedOne(MakerHierarchy& made)
{
    auto upper = authorityPlan("Upper", "Root");
    upper.serial = 0x41;
    made.issuer.issuer = "Upper";
    made.issuerSigner = &keys().third;
    made.anchorsIssuer = true;
    made.after = {makeCertificate(upper, keys().third, keys().root)};
    made.lists = {makeRevocationList({.issuer = "Root", .serials = {0x41}}, keys().root)};
}

struct Row {
    const char* name;
    std::optional<std::size_t> revoked; ///< the place in the chain
    void (*change)(MakerHierarchy&);
    std::vector<Certificate> (*brought)() = [] { return std::vector<Certificate>{}; }; ///< by the device
};

constexpr auto kIssuersOther = [] { return std::vector{issuersOther()}; };
constexpr auto kIssuerRenewed = [] { return std::vector{issuerNamesake(keys().issuer, keys().root)}; };

const std::vector<Row>& rows()
{
    static const std::vector<Row> value{
        {"by the issuer", 0, [](MakerHierarchy& h) { h.lists = {listOfIssuer(0x1001)}; }},
        {"the issuer's other certificate in the store", 0,
         [](MakerHierarchy& h) {
             h.lists = {listOfIssuer(0x1001)};
             h.after = {issuersOther()};
         }},
        {"the other certificate first", 0,
         [](MakerHierarchy& h) {
             h.lists = {listOfIssuer(0x1001)};
             h.before = {issuersOther()};
         }},
        {"the other certificate from the device", 0, [](MakerHierarchy& h) { h.lists = {listOfIssuer(0x1001)}; },
         kIssuersOther},
        {"the second of two lists", 0,
         [](MakerHierarchy& h) {
             h.lists = {listOfIssuer(7), listOfIssuer(0x1001)};
             h.before = {issuersOther()};
         }},
        {"the path goes by the other certificate alone", 0,
         [](MakerHierarchy& h) {
             h.lists = {listOfIssuer(0x1001)};
             h.issuer.basicConstraints = "critical,CA:FALSE"; // the first one signs lists alone
             h.issuer.keyUsage = "critical,cRLSign";
             h.before = {issuersOther(), h.issuerCertificate()};
         }},
        {"a leaf with an rsaesOaep key", 0,
         [](MakerHierarchy& h) {
             h.leaf.keyForm = SubjectKeyForm::RsaesOaep;
             h.lists = {listOfIssuer(0x1001)};
             h.before = {issuersOther()};
         }},
        {"an authority that may not sign lists",
         {},
         [](MakerHierarchy& h) {
             h.lists = {listOfIssuer(0x1001)};
             h.issuer.keyUsage = "critical,keyCertSign";
         }},
        {"another authority of the name",
         {},
         [](MakerHierarchy& h) {
             h.lists = {makeRevocationList({.serials = {0x1001}}, keys().other)};
             h.after = {issuerNamesake(keys().other, keys().root)};
         }},
        {"an intermediate", 1, &revokeIssuer},
        {"an intermediate, by a root with another certificate", 1,
         [](MakerHierarchy& h) {
             revokeIssuer(h);
             h.before = {withoutLists("Root", keys().root)};
         }},
        {"an intermediate that the station knows renewed",
         {},
         [](MakerHierarchy& h) {
             revokeIssuer(h);
             h.after = {issuerNamesake(keys().issuer, keys().root)};
         }},
        {"an intermediate that the device brings renewed", 1, &revokeIssuer, kIssuerRenewed},
        {"by the issuer, whose certificate for that is a witness", 0,
         [](MakerHierarchy& h) {
             h.lists = {listOfIssuer(0x1001)};
             h.witnesses = {h.issuerCertificate()};
             h.issuer.keyUsage = "critical,keyCertSign";
         }},
    };
    return value;
}

/// An anchor that is no root: what its root says of it.
const std::vector<Row>& anchorRows()
{
    static const std::vector<Row> value{
        {"its root is in the store", 1,
         [](MakerHierarchy& h) {
             revokeIssuer(h);
             h.anchorsIssuer = true;
         }},
        {"its root is a witness", 1,
         [](MakerHierarchy& h) {
             revokeIssuer(h);
             h.anchorsIssuer = true;
             h.hasRoot = false;
             h.witnesses = {h.rootCertificate()};
         }},
        {"its root's certificate for lists is a witness", 1,
         [](MakerHierarchy& h) {
             revokeIssuer(h);
             h.anchorsIssuer = true;
             h.hasRoot = false;
             h.after = {withoutLists("Root", keys().root)};
             h.witnesses = {h.rootCertificate()};
         }},
        {"the list is out of date", 1,
         [](MakerHierarchy& h) {
             revokeIssuer(h);
             h.anchorsIssuer = true;
             h.lists = {makeRevocationList(
                 {.issuer = "Root", .serials = {0x21}, .thisUpdate = kPast, .nextUpdate = kPast}, keys().root)};
         }},
        {"another is revoked",
         {},
         [](MakerHierarchy& h) {
             revokeIssuer(h);
             h.anchorsIssuer = true;
             h.issuer.serial = 0x22;
         }},
        {"a namesake of its root revokes it",
         {},
         [](MakerHierarchy& h) {
             h.issuer.serial = 0x21;
             h.anchorsIssuer = true;
             h.lists = {makeRevocationList({.issuer = "Root", .serials = {0x21}}, keys().other)};
             h.witnesses = {rootNamesake(keys().other)};
         }},
        {"the authority above it", 1, &anchorBelowARevokedOne},
        {"the authority above it, which has another certificate",
         {},
         [](MakerHierarchy& h) {
             anchorBelowARevokedOne(h);
             h.after.push_back(makeCertificate(authorityPlan("Upper", "Root"), keys().third, keys().root));
         }},
        {"the authority above it, whose other one is of nobody known",
         {},
         [](MakerHierarchy& h) {
             anchorBelowARevokedOne(h);
             h.after.push_back(makeCertificate(authorityPlan("Upper", "Nobody"), keys().third, keys().other));
         }},
        {"one that is known renewed",
         {},
         [](MakerHierarchy& h) {
             revokeIssuer(h);
             h.anchorsIssuer = true;
             h.after = {issuerNamesake(keys().issuer, keys().root)};
         }},
        {"a root that revokes itself", 2,
         [](MakerHierarchy& h) {
             h.root.serial = 0x51;
             h.lists = {makeRevocationList({.issuer = "Root", .serials = {0x51}}, keys().root)};
         }},
    };
    return value;
}

void addNames(const std::vector<Row>& rows)
{
    QTest::addColumn<std::size_t>("place");
    for (std::size_t i = 0; i < rows.size(); ++i) {
        QTest::newRow(rows[i].name) << i;
    }
}

void judgeAsTheRowSays(const Row& row)
{
    MakerHierarchy made;
    row.change(made);
    const auto judged = judgePath(made.leafCertificate(), made.store(), row.brought(), kNow);
    QVERIFY2(judged.result == (row.revoked ? PathResult::Invalid : PathResult::Trusted), judged.reason.c_str());
    QCOMPARE(judged.notes.size(), std::size_t{row.revoked ? 1U : 0U});
    QCOMPARE(judged.revoked, row.revoked);
}

} // namespace

class TstPathRevocation : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void countsForNameAndKey_data() { addNames(rows()); }
    void countsForNameAndKey()
    {
        QFETCH(std::size_t, place);
        judgeAsTheRowSays(rows()[place]);
    }
    void countsForAnAnchor_data() { addNames(anchorRows()); }
    void countsForAnAnchor()
    {
        QFETCH(std::size_t, place);
        judgeAsTheRowSays(anchorRows()[place]);
    }

    void whatADeviceBringsRenewsWhatExpired()
    {
        MakerHierarchy made;
        made.issuer.notAfter = kPast;
        const auto judged = judgePath(made.leafCertificate(), made.store(), kIssuerRenewed(), kNow);
        QCOMPARE(judged.result, PathResult::Trusted);
        QVERIFY(judged.notes.empty());
    }
};

QTEST_APPLESS_MAIN(TstPathRevocation)
#include "tst_path_revocation.moc"

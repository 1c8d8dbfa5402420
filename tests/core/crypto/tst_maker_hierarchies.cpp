#include "core/crypto/certificate_parsed.h"
#include "core/crypto/certificate_path.h"
#include "tests/core/crypto/openssl_program.h"
#include "tests/support/maker_hierarchy.h"

#include <QtTest>

#include <openssl/err.h>

#include <algorithm>

using namespace enroll;
using namespace enroll::crypto;
using namespace enroll::test;

/// Authorities and EK certificates as makers really issue them, each judged by the product, by OpenSSL as it comes, and by the
/// program `openssl verify`.
namespace {

const UtcTime kFuture{std::chrono::sys_days{std::chrono::year{2031} / 1 / 1}};

/// What the product says of one hierarchy, in one word: a note's word where the path is trusted with a note.
QString verdictOf(const MakerHierarchy& made)
{
    const auto leaf = made.leafCertificate();
    const auto judgement = judgePath(leaf, made.store(), made.helpers(), kNow);
    if (judgement.result == PathResult::Invalid && !judgement.notes.empty()) {
        return QString::fromLatin1(pathRemarkText(judgement.notes.front().remark).data());
    }
    if (judgement.result != PathResult::Trusted) {
        return QString::fromLatin1(pathResultText(judgement.result).data());
    }
    if (leaf.notAfter() < kNow || leaf.notBefore() > kNow) {
        return QStringLiteral("leaf-dates");
    }
    if (judgement.notes.empty()) {
        return QStringLiteral("trusted");
    }
    const auto remark = judgement.notes.front().remark;
    const bool isOfDates = remark == PathRemark::IssuerExpired || remark == PathRemark::IssuerNotYetValid;
    return isOfDates ? QStringLiteral("issuer-dates") : QString::fromLatin1(pathRemarkText(remark).data());
}

/// The words of verdictOf() for a path that OpenSSL accepts: it has no opinion on digests and keys at level 0.
bool isAccepted(const QString& verdict)
{
    return QStringList{QStringLiteral("trusted"), QStringLiteral("sha1"), QStringLiteral("issuer-small-key"),
                       QStringLiteral("no-revocation-list"), QStringLiteral("revocation-list-old")}
        .contains(verdict);
}

/// X509_verify_cert() with the same certificates at the same time, without anything of the product.
int opensslVerdict(const MakerHierarchy& made)
{
    const auto leaf = made.leafCertificate();
    const auto store = made.store();
    const auto helpers = made.helpers();
    const X509StorePtr anchors{X509_STORE_new()};
    const X509StackPtr others{sk_X509_new_null()};
    for (const auto& one : store.certificates()) {
        if (store.roleOf(one) == TrustRole::Anchor) {
            X509_STORE_add_cert(anchors.get(), one.parsed().x509.get());
        } else {
            sk_X509_push(others.get(), one.parsed().x509.get());
        }
    }
    for (const auto& one : helpers) {
        sk_X509_push(others.get(), one.parsed().x509.get());
    }
    for (const auto& list : store.revocationLists()) {
        const auto* at = reinterpret_cast<const unsigned char*>(list.der().data());
        const X509CrlPtr crl{d2i_X509_CRL(nullptr, &at, static_cast<long>(list.der().size()))};
        X509_STORE_add_crl(anchors.get(), crl.get());
    }
    const X509StoreCtxPtr context{X509_STORE_CTX_new()};
    X509_STORE_CTX_init(context.get(), anchors.get(), leaf.parsed().x509.get(), others.get());
    auto* rules = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(rules, std::chrono::floor<std::chrono::seconds>(kNow).time_since_epoch().count());
    X509_VERIFY_PARAM_set_auth_level(rules, 0);
    X509_VERIFY_PARAM_set_flags(rules, store.hasPartialAnchors() ? X509_V_FLAG_PARTIAL_CHAIN : 0);
    X509_VERIFY_PARAM_set_flags(
        rules, store.revocationLists().empty() ? 0 : X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    const bool verified = X509_verify_cert(context.get()) == 1;
    const int error = X509_STORE_CTX_get_error(context.get());
    ERR_clear_error();
    return verified ? X509_V_OK : error;
}

/// True if each certificate of the path has the name that the one before it names as its issuer, and its key made that
/// one's signature; the last one is an anchor. OpenSSL computes the signatures, one by one.
bool isProvenBySignatures(const PathJudgement& judgement, const TrustStore& store)
{
    const auto& chain = judgement.chain;
    for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
        auto* const subject = chain[i].parsed().x509.get();
        auto* const issuer = chain[i + 1].parsed().x509.get();
        if (X509_NAME_cmp(X509_get_issuer_name(subject), X509_get_subject_name(issuer)) != 0 ||
            X509_verify(subject, X509_get0_pubkey(issuer)) != 1) {
            return false;
        }
    }
    return chain.size() > 1 && store.roleOf(chain.back()) == TrustRole::Anchor;
}

/// Lists of both issuers: OpenSSL wants one for each certificate.
void addLists(MakerHierarchy& made, const RevocationPlan& ofIssuer, RevocationPlan ofRoot = {})
{
    ofRoot.issuer = "Root";
    made.lists = {makeRevocationList(ofIssuer, *made.issuerKey), makeRevocationList(ofRoot, *made.rootKey)};
}

struct Row {
    const char* name;
    const char* verdict;
    void (*change)(MakerHierarchy&);
    const char* opensslIsWrong = ""; ///< why, where it says something else
};

constexpr auto kStale = "it takes a stale authority key identifier for another issuer";
constexpr auto kOaep = "it has no key type for rsaesOaep";
constexpr auto kNoSoftFail = "it refuses where no list at hand is new enough; here that is a finding";
constexpr auto kFirstName = "it follows the first authority of a name and never tries another";

const std::vector<Row>& rows();

} // namespace

class TstMakerHierarchies : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void isJudged_data();
    void isJudged();
    void hostileBundleCostsABoundedSearch();
    void manyNamesakesDoNotHideTheSigner();
    void reasonsAreTrue();
};

namespace {

const std::vector<Row>& rows()
{
    static const std::vector<Row> value{
        {"intermediate in the store", "trusted", [](MakerHierarchy&) {}},
        {"without the intermediate", "unknown-issuer", [](MakerHierarchy& h) { h.hasIssuer = false; }},
        {"without the root", "unknown-issuer", [](MakerHierarchy& h) { h.hasRoot = false; }},
        {"without the root, the intermediate an anchor", "trusted",
         [](MakerHierarchy& h) {
             h.hasRoot = false;
             h.anchorsIssuer = true;
         }},
        {"issued by the root", "trusted",
         [](MakerHierarchy& h) {
             h.leaf.issuer = "Root";
             h.leafSigner = h.rootKey;
         }},
        {"expired leaf", "leaf-dates", [](MakerHierarchy& h) { h.leaf.notAfter = kPast; }},
        {"leaf not yet valid", "leaf-dates", [](MakerHierarchy& h) { h.leaf.notBefore = kFuture; }},
        {"leaf without end", "trusted",
         [](MakerHierarchy& h) {
             h.leaf.notAfter = UtcTime{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}};
         }},
        {"expired intermediate", "issuer-dates", [](MakerHierarchy& h) { h.issuer.notAfter = kPast; }},
        {"intermediate not yet valid", "issuer-dates", [](MakerHierarchy& h) { h.issuer.notBefore = kFuture; }},
        {"expired root", "issuer-dates", [](MakerHierarchy& h) { h.root.notAfter = kPast; }},
        {"root not yet valid", "issuer-dates", [](MakerHierarchy& h) { h.root.notBefore = kFuture; }},
        {"expired intermediate, renewed with its key", "trusted",
         [](MakerHierarchy& h) {
             h.issuer.notAfter = kPast;
             h.after = {issuerNamesake(keys().issuer, keys().root)};
         }},
        {"expired intermediate, renewed, without a list", "no-revocation-list",
         [](MakerHierarchy& h) {
             h.issuer.notAfter = kPast;
             h.leaf.extensions = {{"crlDistributionPoints", "URI:http://a"}};
             h.after = {issuerNamesake(keys().issuer, keys().root)};
         }},
        {"leaf signed by another key", "invalid", [](MakerHierarchy& h) { h.leafSigner = &keys().other; }},
        {"intermediate signed by another key", "invalid", [](MakerHierarchy& h) { h.issuerSigner = &keys().other; }},
        {"same names, the other key last", "trusted",
         [](MakerHierarchy& h) { h.after = {issuerNamesake(keys().other, keys().root)}; }},
        {"same names, the other key first", "trusted",
         [](MakerHierarchy& h) { h.before = {issuerNamesake(keys().other, keys().root)}; }, kFirstName},
        {"two roots of one name, the other first", "trusted",
         [](MakerHierarchy& h) { h.before = {rootNamesake(keys().other)}; }, kFirstName},
        {"same names, key ids tell them apart", "trusted",
         [](MakerHierarchy& h) {
             h.before = {issuerNamesake(keys().other, keys().root, "0a0b")};
             h.issuer.extensions = {keyId("0c0d")};
             h.leaf.extensions = {issuerKeyId("0c0d")};
         }},
        {"same names, none of them signed", "invalid",
         [](MakerHierarchy& h) {
             h.before = {issuerNamesake(keys().other, keys().root)};
             h.leafSigner = &keys().third;
         }},
        {"cross-signed, the foreign way first", "trusted",
         [](MakerHierarchy& h) {
             auto plan = authorityPlan("Issuer", "Nobody");
             h.before = {makeCertificate(plan, keys().issuer, keys().other)};
         },
         kFirstName},
        {"intermediate of CA:FALSE", "invalid",
         [](MakerHierarchy& h) { h.issuer.basicConstraints = "critical,CA:FALSE"; }},
        {"intermediate without basic constraints", "invalid",
         [](MakerHierarchy& h) { h.issuer.basicConstraints.clear(); }},
        {"intermediate that may not sign certificates", "invalid",
         [](MakerHierarchy& h) { h.issuer.keyUsage = "critical,cRLSign"; }},
        {"intermediate of X.509 v1", "invalid", [](MakerHierarchy& h) { h.issuer.version = 1; }},
        {"leaf of X.509 v1", "trusted", [](MakerHierarchy& h) { h.leaf.version = 1; }},
        {"path length kept", "trusted",
         [](MakerHierarchy& h) { h.root.basicConstraints = "critical,CA:TRUE,pathlen:1"; }},
        {"path length broken", "invalid",
         [](MakerHierarchy& h) { h.root.basicConstraints = "critical,CA:TRUE,pathlen:0"; }},
        {"SHA-1 intermediate", "sha1", [](MakerHierarchy& h) { h.issuer.signature = TestSignature::Sha1; }},
        {"SHA-1 leaf", "sha1", [](MakerHierarchy& h) { h.leaf.signature = TestSignature::Sha1; }},
        {"SHA-1 root", "trusted", [](MakerHierarchy& h) { h.root.signature = TestSignature::Sha1; }},
        {"MD5 leaf", "invalid",
         [](MakerHierarchy& h) {
             h.issuerKey = &keys().rsa2048;
             h.leaf.signature = TestSignature::Md5;
         },
         "at level 0 it accepts a digest whose collisions anybody can make"},
        {"RSA-1024 intermediate", "issuer-small-key", [](MakerHierarchy& h) { h.issuerKey = &keys().rsa1024; }},
        {"RSA-1024 root", "issuer-small-key", [](MakerHierarchy& h) { h.rootKey = &keys().rsa1024; }},
        {"RSA-2048 below RSA-4096", "trusted",
         [](MakerHierarchy& h) {
             h.issuerKey = &keys().rsa2048;
             h.rootKey = &keys().rsa4096;
         }},
        {"RSA-3072 below RSA-4096", "trusted",
         [](MakerHierarchy& h) {
             h.issuerKey = &keys().rsa3072;
             h.rootKey = &keys().rsa4096;
         }},
        {"P-384 below P-384", "trusted",
         [](MakerHierarchy& h) {
             h.issuerKey = &keys().p384;
             h.rootKey = &keys().p384Root;
         }},
        {"P-256 leaf below RSA", "trusted",
         [](MakerHierarchy& h) {
             h.issuerKey = &keys().rsa2048;
             h.ekKey = &keys().third;
             h.leaf.keyUsage = "critical,keyAgreement";
         }},
        {"P-384 leaf", "trusted",
         [](MakerHierarchy& h) {
             h.ekKey = &keys().p384;
             h.leaf.keyUsage = "critical,keyAgreement";
         }},
        {"key ids throughout", "trusted",
         [](MakerHierarchy& h) {
             h.root.extensions = {keyId("01"), issuerKeyId("01")};
             h.issuer.extensions = {keyId("02"), issuerKeyId("01")};
             h.leaf.extensions = {issuerKeyId("02")};
         }},
        {"leaf names a key id that the intermediate lacks", "trusted",
         [](MakerHierarchy& h) { h.leaf.extensions = {issuerKeyId("02")}; }},
        {"leaf names the intermediate's serial number", "trusted",
         [](MakerHierarchy& h) {
             h.issuer.serial = 0x21;
             h.leaf.extensions = {issuerSerial("Root", "21")};
         }},
        {"stale key id", "trusted",
         [](MakerHierarchy& h) {
             h.issuer.extensions = {keyId("02")};
             h.leaf.extensions = {issuerKeyId("ff")};
         },
         kStale},
        {"stale serial number", "trusted", [](MakerHierarchy& h) { h.leaf.extensions = {issuerSerial("Root", "63")}; },
         kStale},
        {"stale name of the issuer's issuer", "trusted",
         [](MakerHierarchy& h) {
             h.issuer.serial = 0x21;
             h.leaf.extensions = {issuerSerial("Former Root", "21")};
         },
         kStale},
        {"intermediate with a stale serial number", "trusted",
         [](MakerHierarchy& h) { h.issuer.extensions = {issuerSerial("Former Root", "63")}; }, kStale},
        {"stale key id, signed by another key", "unknown-issuer",
         [](MakerHierarchy& h) {
             h.issuer.extensions = {keyId("02")};
             h.leaf.extensions = {issuerKeyId("ff")};
             h.leafSigner = &keys().other;
         }},
        {"key id of a namesake that did not sign", "trusted",
         [](MakerHierarchy& h) {
             h.before = {issuerNamesake(keys().other, keys().root, "0a0b")};
             h.issuer.extensions = {keyId("0c0d")};
             h.leaf.extensions = {issuerKeyId("0a0b")};
         },
         kStale},
        {"renewed root that names its former self", "trusted",
         [](MakerHierarchy& h) {
             h.root.extensions = {keyId("01"), issuerSerial("Root", "63")};
         },
         kStale},
        {"renewed root that names its former key", "trusted",
         [](MakerHierarchy& h) {
             h.root.extensions = {keyId("01"), issuerKeyId("ff")};
         },
         kStale},
        {"root that its former key signed", "unknown-issuer",
         [](MakerHierarchy& h) {
             h.hasRoot = false;
             h.before = {makeCertificate(authorityPlan("Root", "Root"), keys().root, keys().other)};
         }},
        {"rsaesOaep leaf", "trusted", [](MakerHierarchy& h) { h.leaf.keyForm = SubjectKeyForm::RsaesOaep; }, kOaep},
        {"rsaesOaep leaf with a stale serial number", "trusted",
         [](MakerHierarchy& h) {
             h.leaf.keyForm = SubjectKeyForm::RsaesOaep;
             h.leaf.extensions = {issuerSerial("Root", "63")};
         },
         kOaep},
        {"rsaesOaep leaf signed by another key", "invalid",
         [](MakerHierarchy& h) {
             h.leaf.keyForm = SubjectKeyForm::RsaesOaep;
             h.leafSigner = &keys().other;
         }},
        {"rsaesOaep leaf below a broken path length", "invalid",
         [](MakerHierarchy& h) {
             h.leaf.keyForm = SubjectKeyForm::RsaesOaep;
             h.root.basicConstraints = "critical,CA:TRUE,pathlen:0";
         }},
        {"critical unknown extension", "invalid",
         [](MakerHierarchy& h) {
             h.leaf.others = {{"1.2.3.4.5", true}};
         }},
        {"critical unknown extension of the intermediate", "invalid",
         [](MakerHierarchy& h) {
             h.issuer.others = {{"1.2.3.4.5", true}};
         }},
        {"critical subject directory attributes", "trusted",
         [](MakerHierarchy& h) {
             h.leaf.others = {{"2.5.29.9", true}};
         },
         "it does not process what the TCG profile lets be critical"},
        {"critical certificate policies, as Infineon's of 1.2", "trusted",
         [](MakerHierarchy& h) {
             h.leaf.extensions = {{"certificatePolicies", "critical,DER:3007300506032a0304"}};
         }},
        {"critical extended key usage", "trusted",
         [](MakerHierarchy& h) { h.leaf.extendedKeyUsage = "critical,2.23.133.8.1"; }},
        {"critical SAN and no subject", "trusted",
         [](MakerHierarchy& h) {
             h.leaf.subject.clear();
             h.leaf.extensions = {tpmName(true)};
         }},
        {"SAN that is not critical", "trusted", [](MakerHierarchy& h) { h.leaf.extensions = {tpmName(false)}; }},
        {"no key usage", "trusted", [](MakerHierarchy& h) { h.leaf.keyUsage.clear(); }},
        {"CA:FALSE written out, as Intel does", "trusted",
         [](MakerHierarchy& h) {
             h.leaf.basicConstraints.clear();
             h.leaf.extensions = {{"basicConstraints", "critical,DER:3003010100"}};
         }},
        {"lists that revoke others", "trusted",
         [](MakerHierarchy& h) {
             addLists(h, {.serials = {7, 8}}, {.serials = {9}});
         }},
        {"revoked", "revoked", [](MakerHierarchy& h) { addLists(h, {.serials = {0x1001}}); }},
        {"revoked intermediate", "revoked",
         [](MakerHierarchy& h) {
             h.issuer.serial = 0x21;
             addLists(h, {}, {.serials = {0x21}});
         }},
        {"revoked, rsaesOaep", "revoked",
         [](MakerHierarchy& h) {
             h.leaf.keyForm = SubjectKeyForm::RsaesOaep;
             addLists(h, {.serials = {0x1001}});
         }},
        {"revoked by a list past its date", "revoked",
         [](MakerHierarchy& h) { addLists(h, {.serials = {0x1001}, .nextUpdate = kPast}); }},
        {"a list past its date", "revocation-list-old", [](MakerHierarchy& h) { addLists(h, {.nextUpdate = kPast}); },
         kNoSoftFail},
        {"revoked by somebody else", "trusted",
         [](MakerHierarchy& h) { h.lists = {makeRevocationList({.serials = {0x1001}}, keys().other)}; }, kNoSoftFail},
        {"a distribution point and no list", "no-revocation-list",
         [](MakerHierarchy& h) {
             h.leaf.extensions = {{"crlDistributionPoints", "URI:http://a"}};
         }},
        {"key usage that cannot be read", "invalid", [](MakerHierarchy& h) { h.leaf.keyUsage = "DER:0500"; }},
    };
    return value;
}

} // namespace

void TstMakerHierarchies::isJudged_data()
{
    QTest::addColumn<std::size_t>("place");
    for (std::size_t i = 0; i < rows().size(); ++i) {
        QTest::newRow(rows()[i].name) << i;
    }
}

void TstMakerHierarchies::isJudged()
{
    QFETCH(std::size_t, place);
    const auto& row = rows()[place];
    MakerHierarchy made;
    row.change(made);
    const auto verdict = verdictOf(made);
    QCOMPARE(verdict, QString::fromLatin1(row.verdict));
    const int error = opensslVerdict(made);
    const bool differs = (error == X509_V_OK) != isAccepted(verdict);
    QVERIFY2(differs != std::string_view{row.opensslIsWrong}.empty(), X509_verify_cert_error_string(error));

    const auto program = verifiedByProgram(made);
    QVERIFY2(program.exitCode == (error == X509_V_OK ? 0 : 2), program.output.constData());
    QCOMPARE(program.error.value_or(X509_V_OK), error);
    if (isAccepted(verdict)) {
        const auto store = made.store();
        QVERIFY(isProvenBySignatures(judgePath(made.leafCertificate(), store, made.helpers(), kNow), store));
    }
}

/// Sixteen authorities of one name that all signed each other would make more paths than can ever be walked.
void TstMakerHierarchies::hostileBundleCostsABoundedSearch()
{
    std::vector<TestKey> made;
    std::vector<Certificate> bundle;
    std::generate_n(std::back_inserter(made), 16, [] { return TestKey::ecc(); });
    const auto plan = authorityPlan("Circle", "Circle");
    for (const auto& subject : made) {
        for (const auto& signer : made) {
            bundle.push_back(makeCertificate(plan, subject, signer));
        }
    }
    CertificatePlan leaf;
    leaf.issuer = "Circle";
    TrustStore store;
    (void)store.add(rootNamesake(keys().root)).value();
    const auto judgement = judgePath(makeCertificate(leaf, keys().ek, made.back()), store, bundle, kNow);
    QCOMPARE(judgement.result, PathResult::UnknownIssuer);
    QVERIFY(judgement.reason.find("given up") != std::string::npos);
}

void TstMakerHierarchies::manyNamesakesDoNotHideTheSigner()
{
    MakerHierarchy made;
    made.issuer.extensions = {keyId("0c0d")};
    made.leaf.extensions = {issuerKeyId("0c0d")};
    for (int i = 0; i < 300; ++i) {
        auto plan = authorityPlan("Issuer", "Root");
        plan.serial = 0x3000 + i;
        plan.extensions = {keyId("0a0b")};
        made.before.push_back(makeCertificate(plan, keys().other, keys().root));
    }
    QCOMPARE(verdictOf(made), QStringLiteral("trusted"));
}

void TstMakerHierarchies::reasonsAreTrue()
{
    const auto reasonOf = [](const MakerHierarchy& made) {
        return QString::fromStdString(judgePath(made.leafCertificate(), made.store(), made.helpers(), kNow).reason);
    };
    MakerHierarchy forged;
    forged.leafSigner = &keys().other;
    QCOMPARE(reasonOf(forged), QStringLiteral("no known certificate of the name 'CN=Issuer' signed 'CN=EK'"));
    MakerHierarchy alone;
    alone.hasIssuer = false;
    QCOMPARE(reasonOf(alone), QStringLiteral("no known authority has the name 'CN=Issuer'"));
    MakerHierarchy rootless;
    rootless.hasRoot = false;
    QCOMPARE(reasonOf(rootless), QStringLiteral("no known authority has the name 'CN=Root'"));
}

QTEST_GUILESS_MAIN(TstMakerHierarchies)
#include "tst_maker_hierarchies.moc"

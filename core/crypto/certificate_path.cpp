#include "core/crypto/certificate_path.h"

#include "core/crypto/certificate_parsed.h"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <utility>

namespace enroll::crypto {
namespace {

/// Makers use a root and up to two intermediates; the limit keeps a hostile bundle from costing time.
constexpr int kMostIssuers = 8;

/// Whether the dates of the first certificate of a path count: not for an EK certificate, but for the issuer of one.
enum class LeafDates { Excused, Checked };
/// What makes a certificate a candidate for the next place of a path: the issuer's name, or that its key verifies the
/// signature as well.
enum class IssuersBy { Name, Signature };

/// Critical extensions of an EK certificate that OpenSSL does not process and that say nothing about the path:
///   NID_subject_directory_attributes   2.5.29.9: TPM specification and security assertions (TCG EK Credential Profile)
///   NID_private_key_usage_period       2.5.29.16: bounds a signing key; an EK never signs
constexpr std::array kHarmlessExtensions{NID_subject_directory_attributes, NID_private_key_usage_period};

bool isUnderstood(X509_EXTENSION* extension)
{
    const int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
    return X509_EXTENSION_get_critical(extension) == 0 || X509_supported_extension(extension) == 1 ||
           std::ranges::find(kHarmlessExtensions, nid) != kHarmlessExtensions.end();
}

bool criticalExtensionsAreUnderstood(const X509* x509)
{
    for (int i = 0; i < X509_get_ext_count(x509); ++i) {
        if (!isUnderstood(X509_get_ext(x509, i))) {
            return false;
        }
    }
    return true;
}

/// True if OpenSSL could not parse an extension that it knows.
bool hasUnreadableExtension(const Certificate& certificate)
{
    return (X509_get_extension_flags(certificate.parsed().x509.get()) & EXFLAG_INVALID) != 0;
}

bool isDateError(int error) noexcept
{
    return error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID;
}

/// OpenSSL's verify callback. Excuses two errors of the leaf (depth 0): its dates, which the product profile judges,
/// and critical extensions that kHarmlessExtensions lists. An error of an issuer is never excused.
///
/// X509_V_FLAG_IGNORE_CRITICAL is not used instead: it would excuse any extension, of issuers too.
template <LeafDates dates>
int onVerify(int ok, X509_STORE_CTX* context)
{
    if (ok == 1 || X509_STORE_CTX_get_error_depth(context) != 0) {
        return ok;
    }
    const int error = X509_STORE_CTX_get_error(context);
    const bool excused = (dates == LeafDates::Excused && isDateError(error)) ||
                         (error == X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION &&
                          criticalExtensionsAreUnderstood(X509_STORE_CTX_get_current_cert(context)));
    if (excused) {
        X509_STORE_CTX_set_error(context, X509_V_OK);
    }
    return excused ? 1 : 0;
}

X509* handleOf(const Certificate& certificate) noexcept
{
    return certificate.parsed().x509.get();
}

/// Everything a path is built from. Anchors are those of the trust store and nothing else.
struct Material {
    X509StorePtr anchors{X509_STORE_new()};
    X509StackPtr others{sk_X509_new_null()};
    std::vector<const Certificate*> issuers;
    bool partial = false; ///< an anchor need not be self-signed
    UtcTime time;

    [[nodiscard]] bool complete() const noexcept { return anchors && others; }
};

Material gather(const TrustStore& trust, std::span<const Certificate> intermediates, UtcTime time)
{
    Material material;
    material.time = time;
    material.partial = trust.hasPartialAnchors();
    if (!material.complete()) {
        return material;
    }
    for (const auto& certificate : trust.certificates()) {
        material.issuers.push_back(&certificate);
        if (trust.roleOf(certificate) == TrustRole::Anchor) {
            X509_STORE_add_cert(material.anchors.get(), handleOf(certificate));
        } else {
            sk_X509_push(material.others.get(), handleOf(certificate));
        }
    }
    for (const auto& certificate : intermediates) {
        material.issuers.push_back(&certificate);
        sk_X509_push(material.others.get(), handleOf(certificate));
    }
    return material;
}

/// The certificates of a path that OpenSSL built, as far as they can be parsed.
std::vector<Certificate> certificatesOf(STACK_OF(X509) * chain)
{
    std::vector<Certificate> certificates;
    for (int i = 0; i < sk_X509_num(chain); ++i) {
        unsigned char* der = nullptr;
        const int size = i2d_X509(sk_X509_value(chain, i), &der);
        const OpenSslMemoryPtr<unsigned char> owned{der};
        if (size <= 0) {
            break;
        }
        auto certificate = Certificate::fromDer(std::as_bytes(std::span{der, static_cast<std::size_t>(size)}));
        if (!certificate.ok()) {
            break;
        }
        certificates.push_back(std::move(certificate).value());
    }
    return certificates;
}

/// UnknownIssuer for errors that a missing or foreign authority causes, Invalid for all other errors.
PathResult resultOf(int error) noexcept
{
    switch (error) {
    case X509_V_OK:
        return PathResult::Trusted;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
        return PathResult::UnknownIssuer;
    default:
        return PathResult::Invalid;
    }
}

PathJudgement invalid(std::string reason, std::vector<Certificate> chain = {})
{
    return {PathResult::Invalid, std::move(reason), std::move(chain)};
}

/// True if the signature is over MD5, whose collisions let an attacker choose what was signed. SHA-1 is not
/// refused: intermediates of some TPM makers carry such signatures.
bool isSignedWithMd5(const Certificate& certificate)
{
    return certificate.signatureDigest() == SignatureDigest::Md5;
}

/// Turns a trusted path that holds an MD5 signature into Invalid. The anchor's own signature does not count: the anchor
/// is trusted because it is in the store.
PathJudgement refuseMd5(PathJudgement judgement)
{
    const std::span<const Certificate> chain{judgement.chain};
    const auto signedOnes = chain.first(chain.empty() ? 0 : chain.size() - 1);
    if (judgement.result == PathResult::Trusted && std::ranges::any_of(signedOnes, isSignedWithMd5)) {
        judgement.result = PathResult::Invalid;
        judgement.reason = "a certificate of the path is signed with MD5";
    }
    return judgement;
}

void setRules(X509_STORE_CTX* context, const Material& material, LeafDates dates)
{
    auto* rules = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_time(rules,
                               std::chrono::floor<std::chrono::seconds>(material.time).time_since_epoch().count());
    X509_VERIFY_PARAM_set_depth(rules, kMostIssuers);
    X509_VERIFY_PARAM_set_auth_level(rules, 0); // level 1 and above refuse the SHA-1 signatures that makers still use
    if (material.partial) {
        X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
    }
    X509_STORE_CTX_set_verify_cb(context, dates == LeafDates::Excused ? &onVerify<LeafDates::Excused>
                                                                      : &onVerify<LeafDates::Checked>);
}

bool isNamedIssuer(X509* issuer, X509* certificate)
{
    return X509_check_issued(issuer, certificate) == X509_V_OK;
}

/// True if \p issuer has the issuer's name and its key verifies the signature of \p certificate.
bool isSigner(X509* issuer, X509* certificate)
{
    auto* key = X509_get0_pubkey(issuer);
    return isNamedIssuer(issuer, certificate) && key != nullptr && X509_verify(certificate, key) == 1;
}

/// OpenSSL's check_issued callback for IssuersBy::Signature.
int onCandidate(X509_STORE_CTX* /*context*/, X509* certificate, X509* issuer)
{
    return isSigner(issuer, certificate) ? 1 : 0;
}

PathJudgement verifyPath(const Certificate& leaf, const Material& material, LeafDates dates, IssuersBy by)
{
    X509_STORE_set_check_issued(material.anchors.get(), by == IssuersBy::Signature ? &onCandidate : nullptr);
    const X509StoreCtxPtr context{X509_STORE_CTX_new()};
    if (!context ||
        X509_STORE_CTX_init(context.get(), material.anchors.get(), handleOf(leaf), material.others.get()) != 1) {
        return invalid("the certificate path could not be checked", {leaf});
    }
    setRules(context.get(), material, dates);
    const int verified = X509_verify_cert(context.get());
    const int error = verified == 1 ? X509_V_OK : X509_STORE_CTX_get_error(context.get());
    PathJudgement judgement;
    judgement.chain = certificatesOf(X509_STORE_CTX_get0_chain(context.get()));
    judgement.result = verified != 1 && error == X509_V_OK ? PathResult::Invalid : resultOf(error);
    if (judgement.result != PathResult::Trusted) {
        judgement.reason = X509_verify_cert_error_string(error);
    }
    return refuseMd5(std::move(judgement));
}

/// Builds the path by names; if it does not end at an anchor, builds it again with signers as the only candidates.
///
/// OpenSSL follows the first issuer of the right name and never tries a second one. Where several authorities share a
/// name, as after a renewal with a new key, the first may hide the one that signed.
PathJudgement verifyPath(const Certificate& leaf, const Material& material, LeafDates dates)
{
    auto byName = verifyPath(leaf, material, dates, IssuersBy::Name);
    if (byName.result == PathResult::Trusted) {
        return byName;
    }
    auto bySignature = verifyPath(leaf, material, dates, IssuersBy::Signature);
    return bySignature.result == PathResult::UnknownIssuer ? byName : bySignature;
}

/// Checks what X509_verify_cert() missed when it began at the issuer instead of the leaf: path lengths, which count
/// from the leaf, and name constraints, which this product does not evaluate for such a leaf and therefore refuses.
bool constraintsHoldBelow(std::span<const Certificate> issuers)
{
    long between = 0;
    for (const auto& issuer : issuers) {
        const auto most = X509_get_pathlen(handleOf(issuer));
        if ((most >= 0 && between > most) || X509_get_ext_by_NID(handleOf(issuer), NID_name_constraints, -1) >= 0) {
            return false;
        }
        between += issuer.isSelfIssued() ? 0 : 1;
    }
    return true;
}

PathJudgement judgeOaepLeafBelow(const Certificate& issuer, const Certificate& leaf, const Material& material)
{
    auto judgement = verifyPath(issuer, material, LeafDates::Checked);
    const bool fits = issuer.isCertificateAuthority() && constraintsHoldBelow(judgement.chain) &&
                      criticalExtensionsAreUnderstood(handleOf(leaf)) && !isSignedWithMd5(leaf);
    judgement.chain.insert(judgement.chain.begin(), leaf);
    if (judgement.result == PathResult::Trusted && !fits) {
        return invalid("the issuer may not issue this certificate", std::move(judgement.chain));
    }
    return judgement;
}

/// Judges a leaf with an rsaesOaep key. OpenSSL has no key type for it and refuses the whole path, so that the leaf's
/// signature is verified here, and OpenSSL judges the path from the issuer on.
///
/// Each known issuer whose key verifies the leaf is tried: an issuer that was renewed with the same key is there twice.
/// The first trusted path counts; if there is none, the first path does.
PathJudgement judgeOaepLeaf(const Certificate& leaf, const Material& material)
{
    PathJudgement first{PathResult::UnknownIssuer, "no known authority signed this certificate", {leaf}};
    bool isNamed = false;
    bool isSigned = false;
    for (const auto* issuer : material.issuers) {
        isNamed = isNamed || isNamedIssuer(handleOf(*issuer), handleOf(leaf));
        if (!isSigner(handleOf(*issuer), handleOf(leaf))) {
            continue;
        }
        auto judgement = judgeOaepLeafBelow(*issuer, leaf, material);
        if (judgement.result == PathResult::Trusted) {
            return judgement;
        }
        if (!std::exchange(isSigned, true)) {
            first = std::move(judgement);
        }
    }
    return isNamed && !isSigned ? invalid("the issuer of that name did not sign this certificate", {leaf}) : first;
}

} // namespace

std::string_view pathResultText(PathResult result) noexcept
{
    switch (result) {
    case PathResult::Trusted:
        return "trusted";
    case PathResult::UnknownIssuer:
        return "unknown-issuer";
    case PathResult::Invalid:
        return "invalid";
    case PathResult::NotChecked:
        return "not-checked";
    }
    return "not-checked";
}

PathJudgement judgePath(const Certificate& leaf, const TrustStore& anchors, std::span<const Certificate> intermediates,
                        UtcTime time)
{
    const auto material = gather(anchors, intermediates, time);
    auto judgement = invalid("out of memory");
    if (material.complete()) {
        judgement =
            hasOaepKey(handleOf(leaf)) ? judgeOaepLeaf(leaf, material) : verifyPath(leaf, material, LeafDates::Excused);
    }
    if (judgement.result == PathResult::UnknownIssuer && hasUnreadableExtension(leaf)) {
        judgement.result = PathResult::Invalid; // OpenSSL did not even look for an issuer of such a certificate
        judgement.reason = "an extension of the certificate cannot be read";
    }
    ERR_clear_error();
    return judgement;
}

} // namespace enroll::crypto

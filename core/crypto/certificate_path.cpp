#include "core/crypto/certificate_path.h"

#include "core/crypto/path_notes.h"
#include "core/crypto/path_revocation.h"
#include "core/crypto/path_search.h"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace enroll::crypto {
namespace {

/// Each is checked by OpenSSL as a whole; more than that many ways up have no maker's authorities.
constexpr int kMostCompletePaths = 32;

/// Whether the first certificate of what OpenSSL checks is the EK certificate or, for one that OpenSSL cannot check, the
/// issuer of one.
enum class FirstIs { Leaf, Issuer };

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
    return (X509_get_extension_flags(handleOf(certificate)) & EXFLAG_INVALID) != 0;
}

/// OpenSSL's verify callback. Excuses critical extensions of the leaf (depth 0) that kHarmlessExtensions lists. An error
/// of an issuer is never excused.
///
/// X509_V_FLAG_IGNORE_CRITICAL is not used instead: it would excuse any extension, of issuers too.
int onVerify(int ok, X509_STORE_CTX* context)
{
    if (ok == 1 || X509_STORE_CTX_get_error_depth(context) != 0) {
        return ok;
    }
    const bool excused = X509_STORE_CTX_get_error(context) == X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION &&
                         criticalExtensionsAreUnderstood(X509_STORE_CTX_get_current_cert(context));
    if (excused) {
        X509_STORE_CTX_set_error(context, X509_V_OK);
    }
    return excused ? 1 : 0;
}

using Chain = std::span<const Certificate>;

/// OpenSSL's check_issued callback: the chain was found already, so each certificate's issuer is the next one, and a
/// self-signed anchor's is itself.
int onCandidate(X509_STORE_CTX* context, X509* certificate, X509* issuer)
{
    const auto& chain = *static_cast<const Chain*>(X509_STORE_CTX_get_app_data(context));
    const auto isThis = [certificate](const Certificate& one) { return X509_cmp(handleOf(one), certificate) == 0; };
    const auto found = std::ranges::find_if(chain, isThis);
    if (found == chain.end()) {
        return 0;
    }
    const bool isLast = found + 1 == chain.end();
    if (isLast && !found->isSelfSigned()) {
        return 0;
    }
    return X509_cmp(handleOf(isLast ? *found : *(found + 1)), issuer) == 0 ? 1 : 0;
}

PathJudgement invalid(std::string reason, Chain chain)
{
    return {PathResult::Invalid, std::move(reason), {chain.begin(), chain.end()}};
}

std::string quoted(const Certificate& certificate)
{
    return "'" + certificate.subject() + "'";
}

/// True if the signature is over MD5, whose collisions let an attacker choose what was signed. SHA-1 is not
/// refused: intermediates of some TPM makers carry such signatures.
bool isSignedWithMd5(const Certificate& certificate)
{
    return certificate.signatureDigest() == SignatureDigest::Md5;
}

void setRules(X509_STORE_CTX* context, Chain& chain, FirstIs first)
{
    auto* rules = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_NO_CHECK_TIME); // dates are notes
    X509_VERIFY_PARAM_set_depth(rules, static_cast<int>(kMostIssuers));
    X509_VERIFY_PARAM_set_auth_level(rules, 0); // level 1 and above refuse the SHA-1 signatures that makers still use
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN); // the anchor is the end, whoever signed it
    if (first == FirstIs::Leaf) {
        X509_STORE_CTX_set_verify_cb(context, &onVerify);
    }
    X509_STORE_CTX_set_app_data(context, &chain);
}

std::string errorText(X509_STORE_CTX* context, Chain chain)
{
    const auto depth = static_cast<std::size_t>(std::max(X509_STORE_CTX_get_error_depth(context), 0));
    return std::string{X509_verify_cert_error_string(X509_STORE_CTX_get_error(context))} + " (" +
           quoted(chain[std::min(depth, chain.size() - 1)]) + ")";
}

/// Why \p chain, which ends at an anchor, does not hold by OpenSSL's rules; "" if it does.
std::string opensslFault(Chain chain, FirstIs first)
{
    const X509StorePtr anchors{X509_STORE_new()};
    const X509StackPtr others{sk_X509_new_null()};
    const X509StoreCtxPtr context{X509_STORE_CTX_new()};
    bool isReady = anchors && others && context && X509_STORE_add_cert(anchors.get(), handleOf(chain.back())) == 1;
    for (const auto& certificate : chain.first(chain.size() - 1)) {
        isReady = isReady && sk_X509_push(others.get(), handleOf(certificate)) > 0;
    }
    if (isReady) {
        X509_STORE_set_check_issued(anchors.get(), &onCandidate);
        isReady = X509_STORE_CTX_init(context.get(), anchors.get(), handleOf(chain.front()), others.get()) == 1;
    }
    if (!isReady) {
        return "the certificate path could not be checked";
    }
    setRules(context.get(), chain, first);
    return X509_verify_cert(context.get()) == 1 ? std::string{} : errorText(context.get(), chain);
}

/// Checks what X509_verify_cert() missed when it began at the issuer instead of the leaf: path lengths, which count
/// from the leaf, and name constraints, which this product does not evaluate for such a leaf and therefore refuses.
bool constraintsHoldBelow(Chain issuers)
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

/// Why a chain below whose leaf has an rsaesOaep key does not hold. OpenSSL has no key type for it and refuses the whole
/// path, so that OpenSSL judges the path from the issuer on; the search has verified the leaf's signature.
std::string faultAboveOaepLeaf(Chain chain)
{
    const auto issuers = chain.subspan(1);
    const bool fits = issuers.front().isCertificateAuthority() && constraintsHoldBelow(issuers) &&
                      criticalExtensionsAreUnderstood(handleOf(chain.front()));
    return fits ? opensslFault(issuers, FirstIs::Issuer) : "the issuer may not issue this certificate";
}

/// Why \p chain, which ends at an anchor, does not hold; "" if it does.
std::string faultOf(Chain chain)
{
    if (const auto odd = std::ranges::find_if(chain, hasUnreadableExtension); odd != chain.end()) {
        return "an extension of the certificate " + quoted(*odd) + " cannot be read";
    }
    // The anchor's own signature does not count: the anchor is trusted because it is in the store.
    const auto signedOnes = chain.first(chain.size() - 1);
    if (const auto odd = std::ranges::find_if(signedOnes, isSignedWithMd5); odd != signedOnes.end()) {
        return "the certificate " + quoted(*odd) + " is signed with MD5";
    }
    const bool isOaep = chain.size() > 1 && hasOaepKey(handleOf(chain.front()));
    return isOaep ? faultAboveOaepLeaf(chain) : opensslFault(chain, FirstIs::Leaf);
}

PathJudgement judgeComplete(Chain chain, const TrustStore& trust, UtcTime time)
{
    if (auto fault = faultOf(chain); !fault.empty()) {
        return invalid(std::move(fault), chain);
    }
    auto revocation = revocationNotesOn(chain, trust, time, &faultOf);
    if (revocation.revoked) {
        const auto& last = revocation.notes.back();
        return {PathResult::Invalid, last.text, {chain.begin(), chain.end()}, {last}, revocation.revoked};
    }
    auto notes = notesOn(chain, time);
    std::ranges::move(revocation.notes, std::back_inserter(notes));
    return {PathResult::Trusted, {}, {chain.begin(), chain.end()}, std::move(notes)};
}

PathJudgement judgeIncomplete(Chain chain, PathEnd end)
{
    const auto& last = chain.back();
    const auto name = "'" + last.issuer() + "'";
    PathJudgement judgement{PathResult::UnknownIssuer, {}, {chain.begin(), chain.end()}};
    switch (end) {
    case PathEnd::ForeignRoot:
        judgement.reason = "the path ends at " + quoted(last) + ", which is not trusted";
        break;
    case PathEnd::NoSuchKey:
        judgement.reason = "no known authority of the name " + name + " has the key that signed " + quoted(last);
        break;
    case PathEnd::NotSigned:
        return invalid("no known certificate of the name " + name + " signed " + quoted(last), chain);
    case PathEnd::TooLong:
        return invalid("the path has more than " + std::to_string(kMostIssuers) + " issuers", chain);
    case PathEnd::NoSuchName:
    case PathEnd::Anchor:
        judgement.reason = "no known authority has the name " + name;
        break;
    }
    if (hasUnreadableExtension(chain.front())) {
        return invalid("an extension of the certificate " + quoted(chain.front()) + " cannot be read", chain);
    }
    return judgement;
}

/// Keeps the path that says most: one whose leaf the maker revoked, one that holds, with the lightest notes, one with an
/// issuer that was revoked, one that ends at an anchor, the longest.
class BestPath {
public:
    BestPath(const TrustStore& trust, UtcTime time) : m_trust(trust), m_time(time) {}

    /// True if there were as many as are looked at. One without a note is not the last: another may show that the leaf was
    /// revoked.
    bool offer(const FoundPath& path)
    {
        std::vector<Certificate> chain;
        std::ranges::transform(path.chain, std::back_inserter(chain), [](const auto* one) { return *one; });
        const bool isComplete = path.end == PathEnd::Anchor;
        auto judgement = isComplete ? judgeComplete(chain, m_trust, m_time) : judgeIncomplete(chain, path.end);
        const auto rank = rankOf(judgement, isComplete);
        if (rank > m_rank) {
            m_best = std::move(judgement);
            m_rank = rank;
        }
        m_complete += isComplete ? 1 : 0;
        return m_complete >= kMostCompletePaths;
    }

    /// True if nothing that a device brings could or may say more.
    [[nodiscard]] bool isSettled() const noexcept { return m_best.revoked.has_value() || m_rank >= kPerfect; }

    /// Another search is to begin, with more certificates: a path that did not reach an anchor counts for nothing there.
    void beginAnew() noexcept
    {
        m_complete = 0;
        m_rank = m_rank < kComplete ? 0 : m_rank;
    }

    PathJudgement taken(bool searchGaveUp) &&
    {
        if (searchGaveUp && m_rank < kComplete) {
            m_best.result = PathResult::UnknownIssuer;
            m_best.reason =
                "too many certificates of one name are known: the search for the one that signed was given up";
        }
        return std::move(m_best);
    }

private:
    static constexpr std::size_t kComplete = kMostIssuers + 2;
    static constexpr std::size_t kRevoked = kComplete + 1;
    static constexpr std::size_t kHolds = kRevoked + 1;
    static constexpr std::size_t kIssuerNote = 100; ///< more than the other notes on one path
    static constexpr std::size_t kPerfect = kHolds + (kMostIssuers + 1) * 3 * kIssuerNote;
    static constexpr std::size_t kLeafRevoked = kPerfect + 1;

    /// A note on an issuer itself weighs more than any number of others.
    static std::size_t weightOf(const PathNote& note) { return isOfIssuer(note.remark) ? kIssuerNote : 1; }

    static std::size_t rankOf(const PathJudgement& judgement, bool isComplete)
    {
        if (judgement.result == PathResult::Trusted) {
            return std::accumulate(judgement.notes.begin(), judgement.notes.end(), kPerfect,
                                   [](std::size_t rank, const PathNote& note) { return rank - weightOf(note); });
        }
        if (judgement.revoked) {
            return *judgement.revoked == 0 ? kLeafRevoked : kRevoked;
        }
        return isComplete ? kComplete : judgement.chain.size();
    }

    const TrustStore& m_trust;
    UtcTime m_time;
    PathJudgement m_best;
    std::size_t m_rank = 0;
    int m_complete = 0;
};

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

std::string_view pathRemarkText(PathRemark remark) noexcept
{
    switch (remark) {
    case PathRemark::IssuerExpired:
        return "issuer-expired";
    case PathRemark::IssuerNotYetValid:
        return "issuer-not-yet-valid";
    case PathRemark::Sha1Signature:
        return "sha1";
    case PathRemark::SmallIssuerKey:
        return "issuer-small-key";
    case PathRemark::NoRevocationList:
        return "no-revocation-list";
    case PathRemark::OldRevocationList:
        return "revocation-list-old";
    case PathRemark::Revoked:
        return "revoked";
    }
    return "revoked";
}

bool isOfIssuer(PathRemark remark) noexcept
{
    return remark == PathRemark::IssuerExpired || remark == PathRemark::IssuerNotYetValid ||
           remark == PathRemark::SmallIssuerKey;
}

PathJudgement judgePath(const Certificate& leaf, const TrustStore& anchors, std::span<const Certificate> intermediates,
                        UtcTime time)
{
    BestPath best{anchors, time};
    const auto gaveUp = [&](std::span<const Certificate> helpers) {
        PathSearch search{anchors, helpers};
        search.forEach(leaf, [&best](const FoundPath& path) { return best.offer(path); });
        return search.gaveUp();
    };
    bool isCut = gaveUp({});
    if (!intermediates.empty() && !best.isSettled()) {
        best.beginAnew();
        isCut = gaveUp(intermediates);
    }
    auto judgement = std::move(best).taken(isCut);
    if (judgement.chain.empty()) {
        judgement.chain.push_back(leaf);
    }
    ERR_clear_error();
    return judgement;
}

bool mayAnswerUnder(const Certificate& signer, const Certificate& anchor, std::span<const Certificate> known)
{
    return answersUnder(signer, anchor, known, &faultOf);
}

} // namespace enroll::crypto

#pragma once

#include "core/base/word.h"
#include "core/crypto/certificate.h"
#include "core/crypto/trust_store.h"

namespace enroll::crypto {

enum class PathResult {
    Trusted,       ///< ends at an anchor, all signatures right
    UnknownIssuer, ///< an issuer is missing, or the path ends at a root that is not an anchor
    Invalid,       ///< a signature, a constraint or an extension is wrong
    NotChecked
};

/// "trusted", "unknown-issuer", "invalid", "not-checked": the words of the run document.
std::string_view pathResultText(PathResult result) noexcept;
inline std::string_view pathResultText(const Word<PathResult>& word) noexcept
{
    return wordText(word, [](PathResult result) { return pathResultText(result); });
}
inline constexpr std::array kAllPathResults{PathResult::Trusted, PathResult::UnknownIssuer, PathResult::Invalid,
                                            PathResult::NotChecked};

/// An issuer's RSA key below this is noted.
inline constexpr std::size_t kFewestRsaBits = 2048;

/// What makers' authorities really have and a usual check would refuse, and what is known of revocation. The product
/// profile decides about it.
enum class PathRemark {
    IssuerExpired,
    IssuerNotYetValid,
    Sha1Signature,
    SmallIssuerKey,    ///< RSA below kFewestRsaBits
    NoRevocationList,  ///< none covers a certificate that says that there is one
    OldRevocationList, ///< the next one was due, or nobody knows when it is
    Revoked            ///< the path is invalid
};

/// "issuer-expired", "issuer-not-yet-valid", "sha1", "issuer-small-key", "no-revocation-list", "revocation-list-old",
/// "revoked": stable words for scripts.
std::string_view pathRemarkText(PathRemark remark) noexcept;
/// True for a remark on an issuer's certificate, which another certificate of the same issuer may not deserve.
bool isOfIssuer(PathRemark remark) noexcept;

struct PathNote {
    PathRemark remark;
    std::string text; ///< English, one clause that names the certificate
    bool operator==(const PathNote&) const = default;
};

struct PathJudgement {
    PathResult result = PathResult::NotChecked;
    std::string reason;                      ///< English, empty when trusted
    std::vector<Certificate> chain;          ///< leaf first, as far as it was built
    std::vector<PathNote> notes = {};        ///< on a trusted path, from the leaf up; on an invalid one, Revoked alone
    std::optional<std::size_t> revoked = {}; ///< the place in the chain of what was revoked; the leaf's is 0
};

/// Builds and checks a path from the EK certificate \p leaf to an anchor of \p anchors: a self-signed certificate, or one
/// that was added as an anchor.
///
/// \p intermediates and the other certificates of \p anchors only help to build the path. Nothing is fetched: an
/// address in a hostile certificate could point anywhere. Pure; any thread.
///
/// Rules that differ from a usual TLS check:
/// - no purpose is required: EK certificates have none that OpenSSL knows;
/// - the dates of the leaf are not checked here, the product profile decides about them; those of issuers, at \p time, are
///   notes;
/// - critical extensions that EK certificates carry are accepted on the leaf;
/// - an issuer is who has the name and signed; the authority key identifier may be out of date. Among authorities of one
///   name each is tried, within bounds that a hostile bundle cannot exceed (path_search.h);
/// - of several paths to anchors, the one with the lightest notes counts, and of those the first; but a leaf that is revoked
///   on one path is revoked;
/// - \p intermediates are tried where \p anchors alone do not do, and not where these show that an issuer was revoked: what a
///   device brings does not outweigh that;
/// - a leaf with an rsaesOaep key, for which OpenSSL has no key type, is checked against its issuer in this folder;
/// - the revocation lists of \p anchors count where the issuer signed them, whichever of its certificates is on the
///   path, and for an anchor where one who is known to have signed it signed them, trusted or not; one that is missing or
///   old is a note;
/// - SHA-1 signatures and small keys of issuers are notes, MD5 signatures are refused.
///
/// Whatever OpenSSL cannot process is Invalid with its reason.
///
/// \par Source   RFC 5280, section 6; TCG EK Credential Profile
PathJudgement judgePath(const Certificate& leaf, const TrustStore& anchors, std::span<const Certificate> intermediates,
                        UtcTime time);

/// True if an indirect list that \p signer signed counts on paths to \p anchor: by some of \p known, a path from the signer ends
/// there, or at who signed that anchor. Pure; any thread.
bool mayAnswerUnder(const Certificate& signer, const Certificate& anchor, std::span<const Certificate> known);

} // namespace enroll::crypto

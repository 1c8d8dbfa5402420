#pragma once

#include "core/base/word.h"
#include "core/crypto/certificate.h"
#include "core/crypto/trust_store.h"

namespace enroll::crypto {

enum class PathResult {
    Trusted,       ///< ends at an anchor, all signatures right
    UnknownIssuer, ///< an issuer is missing, or the path ends at a root that is not an anchor
    Invalid,       ///< a signature, an issuer's date, a constraint or an extension is wrong
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

struct PathJudgement {
    PathResult result = PathResult::NotChecked;
    std::string reason;             ///< English, empty when trusted
    std::vector<Certificate> chain; ///< leaf first, as far as it was built
};

/// Builds and checks a path from the EK certificate \p leaf to an anchor of \p anchors: a self-signed certificate, or one
/// that was added as an anchor.
///
/// \p intermediates and the other certificates of \p anchors only help to build the path. Nothing is fetched: an
/// address in a hostile certificate could point anywhere. Pure; any thread.
///
/// Rules that differ from a usual TLS check:
/// - no purpose is required: EK certificates have none that OpenSSL knows;
/// - the dates of the leaf are not checked here, the product profile decides about them; those of issuers are, at
///   \p time;
/// - critical extensions that EK certificates carry are accepted on the leaf;
/// - among authorities of one name, the one that signed is found;
/// - a leaf with an rsaesOaep key, for which OpenSSL has no key type, is checked against its issuer in this folder;
/// - SHA-1 signatures are accepted, MD5 signatures are not.
///
/// Whatever OpenSSL cannot process is Invalid with its reason.
///
/// \par Source   RFC 5280, section 6; TCG EK Credential Profile
PathJudgement judgePath(const Certificate& leaf, const TrustStore& anchors, std::span<const Certificate> intermediates,
                        UtcTime time);

} // namespace enroll::crypto

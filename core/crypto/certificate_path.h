#pragma once

#include "core/base/word.h"
#include "core/crypto/certificate.h"
#include "core/crypto/trust_store.h"

namespace enroll::crypto {

enum class PathResult { Trusted, UnknownIssuer, Invalid, NotChecked };

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

/// Builds and checks a path from \p leaf to an anchor of \p anchors, with \p intermediates as untrusted help.
///
/// No purpose is set, self-issued roots alone are anchors, the leaf's dates are not looked at (the profile decides),
/// issuers' dates are checked at \p time. Where authorities share a name, the one that signed is found. A leaf with an
/// rsaesOaep key is checked against its issuer by hand. Nothing is ever fetched. Never fails: what OpenSSL cannot
/// digest is Invalid with its reason.
///
/// \par Source   RFC 5280, section 6; TCG EK Credential Profile
PathJudgement judgePath(const Certificate& leaf, const TrustStore& anchors, std::span<const Certificate> intermediates,
                        UtcTime time);

} // namespace enroll::crypto

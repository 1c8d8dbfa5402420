#include "db/trust/authority_remarks.h"

#include "core/crypto/certificate_path.h"

#include <algorithm>

namespace enroll::db::trust {
namespace {

using crypto::Certificate;
using crypto::PathResult;
using crypto::TrustRole;

void addDates(const Certificate& authority, UtcTime now, std::vector<AuthorityWarning>& warnings)
{
    const auto end = toIso8601(authority.notAfter());
    if (authority.notAfter() < now) {
        warnings.push_back({"expired", "it expired at " + end + ""});
    } else if (authority.notAfter() < now + kSoon) {
        warnings.push_back({"expires-soon", "it expires at " + end});
    }
    if (authority.notBefore() > now) {
        warnings.push_back({"not-yet-valid", "it begins at " + toIso8601(authority.notBefore())});
    }
}

/// The signature of an anchor proves nothing that being imported does not, so its digest does not matter.
void addWeakness(const Certificate& authority, TrustRole role, std::vector<AuthorityWarning>& warnings)
{
    const auto digest = authority.signatureDigest();
    if (role == TrustRole::Intermediate && digest != crypto::SignatureDigest::Other) {
        const bool isMd5 = digest == crypto::SignatureDigest::Md5;
        warnings.push_back({"weak-signature", isMd5 ? "it is signed with MD5: no path through it is trusted"
                                                    : "it is signed with SHA-1"});
    }
    const auto key = authority.publicKey();
    const auto* rsa = key.ok() ? std::get_if<crypto::RsaPublicKey>(&*key) : nullptr;
    const auto bits = rsa == nullptr ? crypto::kFewestRsaBits : rsa->modulus.size() * 8;
    if (bits < crypto::kFewestRsaBits) {
        warnings.push_back({"weak-key", "its RSA key has " + std::to_string(bits) + " bits"});
    }
}

/// \p store without the mark on \p authority that lets it end paths though it is no root.
crypto::TrustStore unmarked(const Certificate& authority, const crypto::TrustStore& store)
{
    crypto::TrustStore plain;
    for (const auto& one : store.certificates()) {
        const bool isMarked = store.roleOf(one) == TrustRole::Anchor && one.der() != authority.der();
        (void)(isMarked ? plain.addAnchor(one) : plain.add(one));
    }
    return plain;
}

/// The mark stands for a root that nobody had. Once that is there, it only keeps the path from being looked at to its end.
void addNeed(const Certificate& anchor, const crypto::TrustStore& store, UtcTime now,
             std::vector<AuthorityWarning>& warnings)
{
    if (crypto::ownRoleOf(anchor) == TrustRole::Anchor) {
        return;
    }
    const auto path = crypto::judgePath(anchor, unmarked(anchor, store), {}, now);
    if (path.result == PathResult::Trusted) {
        warnings.push_back({kNeedlessAnchor, "it need not end paths any more: '" + path.chain.back().subject() +
                                                 "', which anchors it, is in this set; remove it and import it "
                                                 "again without --anchor"});
    }
}

} // namespace

bool hasWarning(const AuthorityRemarks& remarks, std::string_view id)
{
    return std::ranges::find(remarks.warnings, id, &AuthorityWarning::id) != remarks.warnings.end();
}

AuthorityRemarks remarksOn(const Certificate& authority, const crypto::TrustStore& store, UtcTime now)
{
    AuthorityRemarks remarks;
    const auto role = store.roleOf(authority);
    addDates(authority, now, remarks.warnings);
    addWeakness(authority, role, remarks.warnings);
    const auto path = crypto::judgePath(authority, store, {}, now);
    if (path.revoked && role == TrustRole::Anchor) {
        remarks.warnings.push_back({"invalid-path", "no path to it is trusted: " + path.reason});
    } else if (role == TrustRole::Anchor) {
        remarks.anchor = authority;
        addNeed(authority, store, now, remarks.warnings);
    } else if (path.result == PathResult::Trusted) {
        remarks.anchor = path.chain.back();
    } else if (path.result == PathResult::UnknownIssuer) {
        const auto& last = path.chain.empty() ? authority : path.chain.back();
        remarks.warnings.push_back(
            {"unanchored", "nothing anchors it: the authority '" + last.issuer() +
                               "' is not in this set; import it, or import this one with --anchor"});
    } else {
        remarks.warnings.push_back({"invalid-path", "its path to an anchor is not valid: " + path.reason});
    }
    return remarks;
}

AuthorityRemarks remarksOn(const StoredAuthority& authority, const crypto::TrustStore& store, UtcTime now)
{
    if (authority.role) {
        return remarksOn(authority.certificate, store, now);
    }
    const auto role = authority.provenance ? authority.provenance->role : Word<TrustRole>::unknown({});
    return {{}, {{"vouches-for-nothing", whyItVouchesForNothing(role)}}};
}

} // namespace enroll::db::trust

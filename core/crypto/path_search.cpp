#include "core/crypto/path_search.h"

#include <openssl/err.h>

#include <algorithm>

namespace enroll::crypto {
namespace {

AuthorityKeyIdPtr authorityKeyOf(const Certificate& certificate)
{
    return AuthorityKeyIdPtr{static_cast<AUTHORITY_KEYID*>(
        X509_get_ext_d2i(handleOf(certificate), NID_authority_key_identifier, nullptr, nullptr))};
}

bool fits(const Certificate& issuer, const AUTHORITY_KEYID* key)
{
    return key == nullptr || X509_check_akid(handleOf(issuer), key) == X509_V_OK;
}

bool verifies(const Certificate& certificate, const Certificate& issuer)
{
    auto* key = X509_get0_pubkey(handleOf(issuer));
    const bool verified = key != nullptr && X509_verify(handleOf(certificate), key) == 1;
    ERR_clear_error();
    return verified;
}

} // namespace

bool isSameKeyAndName(const Certificate& one, const Certificate& other)
{
    const auto* key = X509_get0_pubkey_bitstr(handleOf(one));
    const auto* otherKey = X509_get0_pubkey_bitstr(handleOf(other));
    return X509_NAME_cmp(X509_get_subject_name(handleOf(one)), X509_get_subject_name(handleOf(other))) == 0 &&
           key != nullptr && otherKey != nullptr && ASN1_STRING_cmp(key, otherKey) == 0;
}

PathSearch::PathSearch(const TrustStore& trust, std::span<const Certificate> helpers)
{
    for (const auto role : kAllTrustRoles) {
        for (const auto& certificate : trust.certificates()) {
            if (trust.roleOf(certificate) == role) {
                m_candidates.push_back({&certificate, role == TrustRole::Anchor});
            }
        }
    }
    for (const auto& helper : helpers) {
        const auto isKnown = [&helper](const Candidate& one) { return one.certificate->der() == helper.der(); };
        if (std::ranges::none_of(m_candidates, isKnown)) {
            m_candidates.push_back({&helper, false});
        }
    }
}

void PathSearch::forEach(const Certificate& leaf, const std::function<bool(const FoundPath&)>& onPath)
{
    m_onPath = onPath;
    m_path.chain = {&leaf};
    climb();
    ERR_clear_error();
}

bool PathSearch::isAnchor(const Certificate& certificate) const
{
    return std::ranges::any_of(m_candidates, [&certificate](const Candidate& one) {
        return one.isAnchor && one.certificate->der() == certificate.der();
    });
}

/// Without those that the path has already: what signs in a circle leads nowhere.
std::vector<const Certificate*> PathSearch::namedIssuersOf(const Certificate& certificate) const
{
    std::vector<const Certificate*> named;
    const auto* name = X509_get_issuer_name(handleOf(certificate));
    for (const auto& one : m_candidates) {
        const auto isInPath = [&one](const Certificate* known) { return isSameKeyAndName(*known, *one.certificate); };
        if (X509_NAME_cmp(X509_get_subject_name(handleOf(*one.certificate)), name) == 0 &&
            std::ranges::none_of(m_path.chain, isInPath)) {
            named.push_back(one.certificate);
        }
    }
    return named;
}

bool PathSearch::isSignedBy(const Certificate& certificate, const Certificate& issuer)
{
    const auto known = m_signed.find({&certificate, &issuer});
    if (known != m_signed.end()) {
        return known->second;
    }
    if (++m_checks > kMostSignatureChecks) {
        m_gaveUp = true;
        return false;
    }
    return m_signed[{&certificate, &issuer}] = verifies(certificate, issuer);
}

void PathSearch::report(PathEnd end)
{
    m_path.end = end;
    m_isDone = m_onPath(m_path);
}

void PathSearch::climbTo(const Certificate& issuer)
{
    m_path.chain.push_back(&issuer);
    climb();
    m_path.chain.pop_back();
}

void PathSearch::climb()
{
    const auto& last = *m_path.chain.back();
    if (++m_steps > kMostSearchSteps) {
        m_gaveUp = true;
        return;
    }
    if (isAnchor(last)) {
        return report(PathEnd::Anchor);
    }
    if (m_path.chain.size() > kMostIssuers) {
        return report(PathEnd::TooLong);
    }
    auto named = namedIssuersOf(last);
    const auto key = authorityKeyOf(last);
    const auto others = std::stable_partition(named.begin(), named.end(),
                                              [&key](const Certificate* issuer) { return fits(*issuer, key.get()); });
    const bool hasFitting = others != named.begin();
    bool isSigned = false;
    for (const auto* issuer : named) {
        if (m_isDone || m_gaveUp) {
            return;
        }
        if (isSignedBy(last, *issuer)) {
            isSigned = true;
            climbTo(*issuer);
        }
    }
    if (isSigned || m_gaveUp) {
        return;
    }
    if (last.isSelfSigned()) {
        return report(PathEnd::ForeignRoot);
    }
    if (named.empty()) {
        return report(PathEnd::NoSuchName);
    }
    report(hasFitting ? PathEnd::NotSigned : PathEnd::NoSuchKey);
}

} // namespace enroll::crypto

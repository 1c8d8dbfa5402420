#include "core/crypto/trust_store.h"

#include "core/base/station_code.h"

#include <algorithm>
#include <iterator>

namespace enroll::crypto {

std::string_view trustRoleText(TrustRole role) noexcept
{
    return role == TrustRole::Anchor ? "anchor" : "intermediate";
}

TrustRole ownRoleOf(const Certificate& certificate)
{
    return certificate.isSelfSigned() && certificate.isCertificateAuthority() ? TrustRole::Anchor
                                                                              : TrustRole::Intermediate;
}

Result<void> requireAuthority(const Certificate& certificate)
{
    if (!certificate.isCertificateAuthority() && !certificate.signsRevocationLists()) {
        return makeError(StationCode::KeyMaterialUnusable,
                         "'" + certificate.subject() +
                             "' is not a certificate authority, nor does it sign revocation lists");
    }
    return {};
}

Result<bool> TrustStore::add(const Certificate& certificate)
{
    TRY(requireAuthority(certificate));
    if (std::ranges::find(m_certificates, certificate.der(), &Certificate::der) != m_certificates.end()) {
        return false;
    }
    m_certificates.push_back(certificate);
    return true;
}

Result<bool> TrustStore::addAnchor(const Certificate& certificate)
{
    TRY_ASSIGN(const bool isNew, add(certificate));
    const bool isMarked = certificate.isCertificateAuthority() && ownRoleOf(certificate) == TrustRole::Intermediate &&
                          m_partialAnchors.insert(certificate.sha256Hex()).second;
    return isNew || isMarked;
}

Result<void> TrustStore::addWitness(const Certificate& certificate)
{
    TRY(requireAuthority(certificate));
    m_witnesses.push_back(certificate);
    return {};
}

std::vector<Certificate> TrustStore::everyCertificate() const
{
    auto every = m_certificates;
    std::set<std::string> known;
    std::ranges::transform(every, std::inserter(known, known.end()), &Certificate::sha256Hex);
    std::ranges::copy_if(m_witnesses, std::back_inserter(every),
                         [&known](const Certificate& one) { return known.insert(one.sha256Hex()).second; });
    return every;
}

bool TrustStore::hasAnchors() const
{
    return std::ranges::any_of(
        m_certificates, [&](const Certificate& certificate) { return roleOf(certificate) == TrustRole::Anchor; });
}

TrustRole TrustStore::roleOf(const Certificate& certificate) const
{
    return m_partialAnchors.contains(certificate.sha256Hex()) ? TrustRole::Anchor : ownRoleOf(certificate);
}

} // namespace enroll::crypto

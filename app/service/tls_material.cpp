#include "app/service/tls_material.h"

#include "core/crypto/certificate.h"
#include "core/crypto/issued_certificate.h"
#include "core/crypto/openssl_pem.h"

#include <openssl/err.h>

#include <algorithm>

namespace enroll::app::service {
namespace {

using crypto::X509Ptr;

constexpr std::chrono::days kServerLifetime{825};
constexpr std::chrono::days kRenewBefore{30};

/// The first certificate of a PEM text.
Result<X509Ptr> certificateOf(const std::string& pem)
{
    TRY_ASSIGN(auto certificates, crypto::x509FromPem(asBytes(pem)));
    return std::move(certificates.front());
}

/// X509_check_ip_asc() takes no text that is no address, and gives -2 for it.
bool namesHost(X509* certificate, const std::string& name)
{
    const int asAddress = X509_check_ip_asc(certificate, name.c_str(), 0);
    return asAddress == 1 ||
           (asAddress < 0 && X509_check_host(certificate, name.c_str(), name.size(), 0, nullptr) == 1);
}

} // namespace

Result<KeyAndCertificate> makeAuthority(UtcTime now)
{
    return crypto::makeAuthority("enroll-service authority", now);
}

Result<KeyAndCertificate> makeServerCertificate(const KeyAndCertificate& authority,
                                                const std::vector<std::string>& names, UtcTime now)
{
    return crypto::makeCertificate(authority, {names, crypto::CertificateRole::Server, kServerLifetime}, now);
}

bool servesNames(const std::string& certificate, const std::string& authority, const std::vector<std::string>& names,
                 UtcTime now)
{
    const auto leaf = certificateOf(certificate);
    const auto issuer = certificateOf(authority);
    if (!leaf || !issuer || X509_verify(leaf->get(), X509_get0_pubkey(issuer->get())) != 1) {
        ERR_clear_error();
        return false;
    }
    const auto dated = crypto::certificatesFromFile(asBytes(certificate));
    return dated && dated->front().notBefore() < now && dated->front().notAfter() > now + kRenewBefore &&
           std::ranges::all_of(names, [&leaf](const auto& name) { return namesHost(leaf->get(), name); });
}

} // namespace enroll::app::service

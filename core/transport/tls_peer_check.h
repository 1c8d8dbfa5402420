#pragma once

#include "core/base/error.h"
#include "core/crypto/certificate.h"
#include "core/transport/tls_ptr.h"
#include "core/transport/tls_role.h"

#include <optional>

/// Shared by the TLS sources of this folder; no other folder includes it.
namespace enroll::transport {

/// What is wrong with a certificate of a path, the first thing that was met.
struct CertificateFault {
    int number = X509_V_OK; ///< X509_V_ERR_…
    int depth = 0;          ///< 0: the certificate itself; above: an authority's
    std::string subject = {};
    std::vector<std::string> names = {}; ///< that it is for, a few at most
    std::string notBefore = {};          ///< ISO 8601
    std::string notAfter = {};
};

/// \p certificate as a value; nothing if it cannot be read as one.
std::optional<crypto::Certificate> valueOf(X509* certificate);

/// True if the certificate says by its extended key usage that it is for \p role. One without that extension is for none.
bool isFor(TlsRole role, X509* certificate);

/// Has OpenSSL check what the peer shows as the certificate of the other end of \p own, and each connection's first fault
/// be noted in the CertificateFault that noteFaultsIn() named.
void checkPeersAs(TlsRole own, SSL_CTX* context);

/// \p fault must outlive \p ssl.
void noteFaultsIn(CertificateFault& fault, SSL* ssl);

/// Checks \p certificate, with \p chain behind it, as one of \p role at \p seconds since 1970; the fault's number is X509_V_OK
/// if it is good.
CertificateFault checkOwn(X509* certificate, STACK_OF(X509) * chain, X509_STORE* authorities, TlsRole role,
                          std::time_t seconds);

/// How \p fault reads of the certificate of \p whose, and its code: S-344 where a date decides, otherwise S-343.
/// \param expected  the name that was asked for; empty: none was
Error peerError(const CertificateFault& fault, TlsRole whose, const std::string& expected);

/// The clause of that error: "its certificate expired at 2026-01-01T00:00:00.000Z". Begins with the certificate.
/// \param reader  at which end it is told: the authority's file has another name there
std::string clauseOf(const CertificateFault& fault, TlsRole whose, const std::string& expected, TlsRole reader);

} // namespace enroll::transport

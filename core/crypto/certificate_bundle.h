#pragma once

#include "core/crypto/certificate.h"

namespace enroll::crypto {

/// Bounds what a wrong or hostile file can cost; all makers together have a few hundred authorities.
inline constexpr std::size_t kMostCertificatesInFile = 4096;

/// What stands in the place of a certificate and is none.
struct RefusedCertificate {
    std::size_t place = 0; ///< among the certificates of the file, from 1 on
    Error reason;
};

struct CertificateBundle {
    std::vector<Certificate> certificates;
    std::vector<RefusedCertificate> refused;
};

/// Everything that a file's content holds in the place of a certificate. The form is found in the content and never in
/// the file's name, which makers choose freely:
/// - PEM: every block named CERTIFICATE, X509 CERTIFICATE, TRUSTED CERTIFICATE (what OpenSSL adds to it is left out), PKCS7
///   or CMS; other blocks are skipped;
/// - DER: one certificate, or one PKCS#7 message of the signed kind, whose signature does not count;
/// - base64 of such DER without the lines of PEM.
/// Spaces and line ends may follow each form: editors and web pages add them.
///
/// \par Errors   S-337: larger than 16 MiB, none of these forms, a PEM block or a PKCS#7 message is broken, no certificate,
///               more than kMostCertificatesInFile; S-340
Result<CertificateBundle> readCertificateBundle(ByteView content);

} // namespace enroll::crypto

#include "core/crypto/certificate_path.h"

#include <cstdlib>

using namespace enroll;
using namespace enroll::crypto;

namespace {

/// Everything a run reads from a certificate, and what must hold whatever its bytes are.
void readAll(const Certificate& certificate)
{
    (void)certificate.subject();
    (void)certificate.issuer();
    (void)certificate.serialNumber();
    (void)certificate.tpmDeviceAttributes();
    (void)certificate.hasExtendedKeyUsage();
    (void)certificate.hasEkCertificateUsage();
    (void)certificate.endorsementKeyUsage();
    (void)certificate.version();
    (void)certificate.isCertificateAuthority();
    (void)certificate.claimsToBeAuthority();
    if (const auto key = certificate.publicKey(); key.ok()) {
        (void)requireUsableKey(*key).ok();
    }
    if (judgePath(certificate, {}, {}, certificate.notBefore()).result == PathResult::Trusted) {
        std::abort(); // without an anchor nothing may be trusted
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto bytes = std::as_bytes(std::span{data, size});
    if (const auto certificate = Certificate::fromDer(bytes); certificate.ok()) {
        readAll(*certificate);
    }
    return 0;
}

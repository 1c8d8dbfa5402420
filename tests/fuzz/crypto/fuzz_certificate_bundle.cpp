#include "core/crypto/certificate_bundle.h"

#include <cstdlib>

/// A file that somebody imports as trusted, in any form: whoever wants all of its certificates gets the same ones.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    using namespace enroll::crypto;
    const auto content = std::as_bytes(std::span{data, size});
    const auto bundle = readCertificateBundle(content);
    const auto all = certificatesFromFile(content);
    if (!bundle.ok()) {
        if (all.ok()) {
            std::abort();
        }
        return 0;
    }
    if (bundle->certificates.size() + bundle->refused.size() > kMostCertificatesInFile ||
        all.ok() != bundle->refused.empty()) {
        std::abort();
    }
    for (const auto& certificate : bundle->certificates) {
        (void)certificate.issuerAddresses();
        (void)certificate.authorityKeyId();
        (void)certificate.signatureDigest();
    }
    return 0;
}

#include "core/crypto/certificate.h"

#include <cstdlib>

/// A file that somebody imports as trusted: it gives certificates that stand on their own, or nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    using namespace enroll::crypto;
    const auto certificates = certificatesFromFile(std::as_bytes(std::span{data, size}));
    if (!certificates.ok()) {
        return 0;
    }
    if (certificates->empty()) {
        std::abort();
    }
    for (const auto& certificate : *certificates) {
        const auto again = Certificate::fromDer(certificate.der());
        if (!again.ok() || again->sha256Hex() != certificate.sha256Hex()) {
            std::abort();
        }
    }
    return 0;
}

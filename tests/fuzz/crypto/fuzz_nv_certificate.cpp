#include "core/crypto/certificate.h"

#include <algorithm>
#include <cstdlib>

using namespace enroll;
using namespace enroll::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto bytes = std::as_bytes(std::span{data, size});
    const auto found = certificatesFromNv(bytes);
    if (!found.ok()) {
        return 0;
    }
    for (const auto& certificate : found->certificates) {
        const auto& der = certificate.der();
        if (std::search(bytes.begin(), bytes.end(), der.begin(), der.end()) == bytes.end()) {
            std::abort(); // the certificate is a piece of the index, never something else
        }
    }
    return 0;
}

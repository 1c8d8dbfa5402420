#include "core/attestation/activation_challenge.h"
#include "core/base/cloud_code.h"

#include <cstdlib>

/// Whatever is accepted is written back as it came.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    const auto bytes = std::as_bytes(std::span{data, size});
    const auto blob = attestation::parseActivationBlob(bytes);
    if (!blob.ok()) {
        return blob.error().code == CloudCode::AnswerMalformed ? 0 : (std::abort(), 0);
    }
    if (!equalBytes(blob->marshal(), bytes)) {
        std::abort();
    }
    return 0;
}

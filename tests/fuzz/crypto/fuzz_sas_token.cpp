#include "core/crypto/sas_token.h"

#include <cstdlib>

using namespace enroll;
using namespace enroll::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace std::chrono_literals;
    const auto bytes = std::as_bytes(std::span{data, size});
    const auto token = parseSasToken(asText(bytes));
    if (!token.ok()) {
        return 0;
    }
    const auto judgement = judgeSasToken(*token, asBytes("a key nobody knows"), UtcTime{0ms}, 300s);
    const auto again = parseSasToken(sasToken(token->resource, token->expiry, token->signature, token->policy));
    if (judgement == SasJudgement::Valid || judgement == SasJudgement::Malformed) {
        std::abort();
    }
    // Writing escapes more than some clients do, so a token near the limit may grow past it.
    const bool same = again.ok() && again->resource == token->resource && again->policy == token->policy &&
                      again->signature == token->signature;
    if (!same && size < 1024) {
        std::abort();
    }
    return 0;
}

#include "core/base/station_code.h"
#include "core/crypto/base64.h"
#include "core/crypto/sas_token.h"

#include <cstdlib>

/// What is accepted is whole, and is written and read back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    const auto parsed = crypto::parseConnectionString(asText(std::as_bytes(std::span{data, size})));
    if (!parsed.ok()) {
        return parsed.error().code == StationCode::ConfigurationInvalid ? 0 : (std::abort(), 0);
    }
    if (parsed->host.empty() || parsed->policy.empty() || parsed->key.view().empty()) {
        std::abort();
    }
    const auto again =
        crypto::parseConnectionString("HostName=" + parsed->host + ";SharedAccessKeyName=" + parsed->policy +
                                      ";SharedAccessKey=" + crypto::toBase64(parsed->key.view()));
    if (!again.ok() || again->host != parsed->host || again->policy != parsed->policy ||
        !equalBytes(again->key.view(), parsed->key.view())) {
        std::abort();
    }
    return 0;
}

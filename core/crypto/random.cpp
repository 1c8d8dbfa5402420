#include "core/crypto/random.h"

#include "core/base/station_code.h"
#include "core/crypto/openssl_error.h"

#include <openssl/rand.h>

#include <limits>

namespace enroll::crypto {
namespace {

using Generator = int (*)(unsigned char*, int);

Result<void> fill(std::span<std::byte> out, Generator generator, const char* operation)
{
    if (out.size() > std::numeric_limits<int>::max()) {
        return makeError(StationCode::CryptoFailed, "more random bytes were requested than OpenSSL gives at once",
                         operation);
    }
    if (generator(u8(out), static_cast<int>(out.size())) != 1) {
        return opensslError(StationCode::CryptoFailed, "no random bytes", operation);
    }
    return {};
}

} // namespace

Result<SecretBytes> randomSecret(std::size_t size)
{
    SecretBytes secret{size};
    TRY(fill(secret.writable(), &RAND_priv_bytes, "RAND_priv_bytes"));
    return secret;
}

Result<Bytes> randomBytes(std::size_t size)
{
    Bytes bytes(size);
    TRY(fill(bytes, &RAND_bytes, "RAND_bytes"));
    return bytes;
}

} // namespace enroll::crypto

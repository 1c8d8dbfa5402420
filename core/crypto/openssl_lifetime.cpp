#include "core/crypto/openssl_lifetime.h"

#include <openssl/crypto.h>

namespace enroll::crypto {

void keepOpensslToTheEnd() noexcept
{
    ::OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr); // a failure shows at the first use
}

} // namespace enroll::crypto

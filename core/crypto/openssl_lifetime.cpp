#include "core/crypto/openssl_lifetime.h"

#include <openssl/crypto.h>

namespace enroll::crypto {

void keepOpensslToTheEnd() noexcept
{
    ::OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr); // whoever cannot get it started says so at its first use
}

} // namespace enroll::crypto

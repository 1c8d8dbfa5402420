#pragma once

namespace enroll::crypto {

/// Lets OpenSSL live until the process is gone, instead of being taken down when main() returns.
///
/// A thread of a library may still be ending then, though its end was waited for: Qt's network thread reports that it
/// has finished before the system has run its thread-specific destructors, and OpenSSL's is one of them. It must not
/// meet a library that is gone. Call once, at the start of main(), before anything else uses OpenSSL.
///
/// \par Source   OpenSSL 3.0, OPENSSL_init_crypto(3), OPENSSL_INIT_NO_ATEXIT
void keepOpensslToTheEnd() noexcept;

} // namespace enroll::crypto

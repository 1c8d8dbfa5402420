#pragma once

namespace enroll::crypto {

/// Keeps OpenSSL from cleaning up when main() returns.
///
/// A thread can still be ending then: Qt's network thread reports its end before the system has run the thread's
/// destructors, and one of them is OpenSSL's. It would run on memory that the clean-up has freed. Call once, at the
/// start of main(), before anything else uses OpenSSL.
///
/// \par Source   OpenSSL 3.0, OPENSSL_init_crypto(3), OPENSSL_INIT_NO_ATEXIT
void keepOpensslToTheEnd() noexcept;

} // namespace enroll::crypto

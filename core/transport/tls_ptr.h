#pragma once

#include "core/crypto/openssl_ptr.h"

#include <openssl/ssl.h>

/// Owners of OpenSSL's handles for TLS, for sources of this folder: no public header names an OpenSSL type.
namespace enroll::transport {

using SslPtr = std::unique_ptr<SSL, crypto::OpenSslFree<&SSL_free>>;
using SslContextPtr = std::unique_ptr<SSL_CTX, crypto::OpenSslFree<&SSL_CTX_free>>;
using BioMethodPtr = std::unique_ptr<BIO_METHOD, crypto::OpenSslFree<&BIO_meth_free>>;

} // namespace enroll::transport

#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

/// Owners of OpenSSL's handles, for sources of this folder: no public header names an OpenSSL type.
namespace enroll::crypto {

template <auto Free>
struct OpenSslFree {
    template <class T>
    void operator()(T* handle) const noexcept
    {
        Free(handle);
    }
};

/// A stack that does not own its certificates; sk_X509_free is a macro and has no address.
struct X509StackFree {
    void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_free(stack); }
};

/// Memory that OpenSSL allocated and hands over; OPENSSL_free is a macro and has no address.
struct OpenSslMemoryFree {
    void operator()(void* memory) const noexcept { OPENSSL_free(memory); }
};

using BioPtr = std::unique_ptr<BIO, OpenSslFree<&BIO_free_all>>;
using BignumPtr = std::unique_ptr<BIGNUM, OpenSslFree<&BN_clear_free>>;
using EvpCipherCtxPtr = std::unique_ptr<EVP_CIPHER_CTX, OpenSslFree<&EVP_CIPHER_CTX_free>>;
using EvpMacCtxPtr = std::unique_ptr<EVP_MAC_CTX, OpenSslFree<&EVP_MAC_CTX_free>>;
using EvpMdCtxPtr = std::unique_ptr<EVP_MD_CTX, OpenSslFree<&EVP_MD_CTX_free>>;
using EvpPkeyPtr = std::unique_ptr<EVP_PKEY, OpenSslFree<&EVP_PKEY_free>>;
using EvpPkeyCtxPtr = std::unique_ptr<EVP_PKEY_CTX, OpenSslFree<&EVP_PKEY_CTX_free>>;
using Pkcs7Ptr = std::unique_ptr<PKCS7, OpenSslFree<&PKCS7_free>>;
using AuthorityKeyIdPtr = std::unique_ptr<AUTHORITY_KEYID, OpenSslFree<&AUTHORITY_KEYID_free>>;
using DistributionPointsPtr = std::unique_ptr<CRL_DIST_POINTS, OpenSslFree<&CRL_DIST_POINTS_free>>;
using EnumeratedPtr = std::unique_ptr<ASN1_ENUMERATED, OpenSslFree<&ASN1_ENUMERATED_free>>;
using IssuingPointPtr = std::unique_ptr<ISSUING_DIST_POINT, OpenSslFree<&ISSUING_DIST_POINT_free>>;
using X509CrlPtr = std::unique_ptr<X509_CRL, OpenSslFree<&X509_CRL_free>>;
using X509Ptr = std::unique_ptr<X509, OpenSslFree<&X509_free>>;
using X509StorePtr = std::unique_ptr<X509_STORE, OpenSslFree<&X509_STORE_free>>;
using X509StoreCtxPtr = std::unique_ptr<X509_STORE_CTX, OpenSslFree<&X509_STORE_CTX_free>>;
using X509StackPtr = std::unique_ptr<STACK_OF(X509), X509StackFree>;
using GeneralNamesPtr = std::unique_ptr<GENERAL_NAMES, OpenSslFree<&GENERAL_NAMES_free>>;
using AuthorityInfoPtr = std::unique_ptr<AUTHORITY_INFO_ACCESS, OpenSslFree<&AUTHORITY_INFO_ACCESS_free>>;
using ExtendedKeyUsagePtr = std::unique_ptr<EXTENDED_KEY_USAGE, OpenSslFree<&EXTENDED_KEY_USAGE_free>>;
template <class T>
using OpenSslMemoryPtr = std::unique_ptr<T, OpenSslMemoryFree>;

} // namespace enroll::crypto

#pragma once

#include "core/crypto/base64.h"
#include "core/crypto/certificate.h"
#include "core/crypto/openssl_ptr.h"

#include <cstdlib>

/// The forms in which makers publish the same certificate.
namespace enroll::test {

/// A PEM block of any name; the content's lines have 64 characters.
inline std::string pemBlock(const std::string& name, ByteView content)
{
    auto digits = crypto::toBase64(content);
    for (std::size_t at = 64; at < digits.size(); at += 65) {
        digits.insert(at, 1, '\n');
    }
    return "-----BEGIN " + name + "-----\n" + digits + "\n-----END " + name + "-----\n";
}

/// A PKCS#7 message of \p kind (NID_pkcs7_signed: one that only carries certificates), DER.
inline Bytes messageOf(const std::vector<crypto::Certificate>& certificates, int kind = NID_pkcs7_signed)
{
    const crypto::Pkcs7Ptr message{PKCS7_new()};
    bool made = message && PKCS7_set_type(message.get(), kind) == 1;
    if (kind == NID_pkcs7_signed) {
        made = made && PKCS7_content_new(message.get(), NID_pkcs7_data) == 1;
    }
    for (const auto& certificate : certificates) {
        const auto& der = certificate.der();
        const auto* at = u8(ByteView{der});
        const crypto::X509Ptr x509{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
        made = made && PKCS7_add_certificate(message.get(), x509.get()) == 1;
    }
    unsigned char* der = nullptr;
    const int size = made ? i2d_PKCS7(message.get(), &der) : 0;
    const crypto::OpenSslMemoryPtr<unsigned char> owned{der};
    if (size <= 0) {
        std::abort();
    }
    return toBytes(std::as_bytes(std::span{der, static_cast<std::size_t>(size)}));
}

} // namespace enroll::test

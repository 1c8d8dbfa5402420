#include "core/crypto/certificate.h"

#include "core/base/device_code.h"
#include "core/base/text.h"
#include "core/crypto/certificate_parsed.h"
#include "core/crypto/digest.h"
#include "core/crypto/openssl_error.h"
#include "core/crypto/openssl_key.h"

#include <openssl/err.h>

#include <ctime>

namespace enroll::crypto {
namespace {

/// Far above any certificate a TPM holds (NV indices end at 2048 bytes, or a few times that).
constexpr std::size_t kLongestCertificate = 65536;

Error malformed(std::string what, std::string operation = "d2i_X509")
{
    return opensslError(DeviceCode::EkCertificateMalformed, std::move(what), std::move(operation));
}

Result<UtcTime> timeOf(const ASN1_TIME* time)
{
    const auto read = utcTimeOf(time);
    return read ? Result<UtcTime>{*read}
                : malformed("a validity date of the certificate cannot be read", "ASN1_TIME_to_tm");
}

/// d2i_X509() stops at the end of the certificate and says nothing of bytes behind it: so the end is compared.
Result<X509Ptr> parseExactly(ByteView der)
{
    if (der.empty() || der.size() > kLongestCertificate) {
        return malformed("a certificate of " + std::to_string(der.size()) + " bytes");
    }
    ERR_clear_error();
    const auto* at = u8(der);
    X509Ptr x509{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
    if (!x509) {
        return malformed("the bytes are not a certificate");
    }
    if (at != u8(der) + der.size()) {
        return malformed("bytes follow the certificate");
    }
    return x509;
}

bool isIssuedToItself(const X509* x509)
{
    return X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) == 0;
}

/// X509_self_signed() is not asked: it takes a renewed root that goes on naming the serial number of its former self for
/// another's work.
bool signedItself(X509* x509)
{
    auto* key = isIssuedToItself(x509) ? X509_get0_pubkey(x509) : nullptr;
    return key != nullptr && X509_verify(x509, key) == 1;
}

std::string printedName(const X509_NAME* name, unsigned long flags)
{
    const BioPtr out{BIO_new(BIO_s_mem())};
    if (!out || X509_NAME_print_ex(out.get(), name, 0, flags) < 0) {
        return {};
    }
    char* text = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &text);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string{};
}

} // namespace

std::string nameText(const X509_NAME* name)
{
    const unsigned long readable = XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
    constexpr unsigned long kByByte =
        (XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_UTF8_CONVERT)) | ASN1_STRFLGS_IGNORE_TYPE;
    auto text = printedName(name, readable);
    if (text.empty() && X509_NAME_entry_count(name) > 0) {
        text = printedName(name, kByByte);
    }
    ERR_clear_error();
    return printableText(text);
}

std::optional<UtcTime> utcTimeOf(const ASN1_TIME* time)
{
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) {
        return {};
    }
    const std::chrono::sys_days day{std::chrono::year{parts.tm_year + 1900} /
                                    std::chrono::month{static_cast<unsigned>(parts.tm_mon + 1)} /
                                    std::chrono::day{static_cast<unsigned>(parts.tm_mday)}};
    return UtcTime{day + std::chrono::hours{parts.tm_hour} + std::chrono::minutes{parts.tm_min} +
                   std::chrono::seconds{parts.tm_sec}};
}

bool hasOaepKey(const X509* x509) noexcept
{
    ASN1_OBJECT* algorithm = nullptr;
    return X509_PUBKEY_get0_param(&algorithm, nullptr, nullptr, nullptr, X509_get_X509_PUBKEY(x509)) == 1 &&
           OBJ_obj2nid(algorithm) == NID_rsaesOaep;
}

Result<Certificate> Certificate::fromDer(ByteView der)
{
    auto parsed = std::make_shared<Parsed>();
    TRY_ASSIGN(parsed->x509, parseExactly(der));
    parsed->der = toBytes(der);
    TRY_ASSIGN(const auto fingerprint, sha256({der}));
    parsed->sha256Hex = toHex(fingerprint);
    TRY_ASSIGN(parsed->notBefore, timeOf(X509_get0_notBefore(parsed->x509.get())));
    TRY_ASSIGN(parsed->notAfter, timeOf(X509_get0_notAfter(parsed->x509.get())));
    X509_check_purpose(parsed->x509.get(), -1, 0); // fills OpenSSL's cache of extensions before threads share it
    parsed->selfSigned = signedItself(parsed->x509.get());
    ERR_clear_error();
    return Certificate{std::move(parsed)};
}

const Bytes& Certificate::der() const noexcept
{
    return m_parsed->der;
}

std::string Certificate::subject() const
{
    return nameText(X509_get_subject_name(m_parsed->x509.get()));
}

std::string Certificate::issuer() const
{
    return nameText(X509_get_issuer_name(m_parsed->x509.get()));
}

std::string Certificate::serialNumber() const
{
    const BignumPtr number{ASN1_INTEGER_to_BN(X509_get0_serialNumber(m_parsed->x509.get()), nullptr)};
    if (!number) {
        ERR_clear_error();
        return {};
    }
    Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number.get())));
    BN_bn2bin(number.get(), u8(std::span{bytes}));
    const auto digits = toHex(bytes);
    const auto first = digits.find_first_not_of('0');
    const auto text = first == std::string::npos ? "0" : digits.substr(first);
    return BN_is_negative(number.get()) == 1 ? "-" + text : text;
}

UtcTime Certificate::notBefore() const
{
    return m_parsed->notBefore;
}

UtcTime Certificate::notAfter() const
{
    return m_parsed->notAfter;
}

std::string Certificate::sha256Hex() const
{
    return m_parsed->sha256Hex;
}

bool Certificate::isSelfIssued() const
{
    return isIssuedToItself(m_parsed->x509.get());
}

bool Certificate::isSelfSigned() const
{
    return m_parsed->selfSigned;
}

bool Certificate::isCertificateAuthority() const
{
    constexpr int kByBasicConstraints = 1; // X509_check_ca(3); 3, 4 and 5 mean guesses for certificates without them
    return X509_check_ca(m_parsed->x509.get()) == kByBasicConstraints;
}

bool Certificate::signsRevocationLists() const
{
    auto* x509 = m_parsed->x509.get();
    const bool saysIt = (X509_get_extension_flags(x509) & EXFLAG_KUSAGE) != 0;
    return !claimsToBeAuthority() && saysIt && (X509_get_key_usage(x509) & KU_CRL_SIGN) != 0;
}

bool Certificate::claimsToBeAuthority() const
{
    return (X509_get_extension_flags(m_parsed->x509.get()) & EXFLAG_CA) != 0;
}

} // namespace enroll::crypto

#include "core/crypto/certificate_bundle.h"

#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/crypto/base64.h"
#include "core/crypto/der.h"
#include "core/crypto/openssl_error.h"
#include "core/crypto/openssl_key.h"
#include "core/crypto/openssl_pem.h"
#include "core/crypto/openssl_ptr.h"
#include "core/crypto/pem_file.h"

#include <openssl/err.h>

#include <algorithm>
#include <array>

namespace enroll::crypto {
namespace {

constexpr std::string_view kPemMark = "-----BEGIN ";
constexpr std::array<std::string_view, 3> kPemCertificates{"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"};
constexpr std::array<std::string_view, 3> kPemMessages{"PKCS7", "PKCS #7 SIGNED DATA", "CMS"};
constexpr std::string_view kTrustedCertificate = "TRUSTED CERTIFICATE";

Error unusable(std::string what)
{
    return makeError(StationCode::KeyMaterialUnusable, std::move(what));
}

template <std::size_t N>
bool isOneOf(const std::array<std::string_view, N>& names, std::string_view name)
{
    return std::ranges::find(names, name) != names.end();
}

bool isSpace(char c) noexcept
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool isBlank(ByteView bytes) noexcept
{
    return std::ranges::all_of(asText(bytes), isSpace);
}

/// \p der without the spaces and line ends behind its first element; as it is if something else stands there.
ByteView withoutBlankEnd(ByteView der)
{
    const auto frame = sequenceFrame(der);
    const bool hasEnd = frame.ok() && frame->size < der.size() && isBlank(der.subspan(frame->size));
    return hasEnd ? der.first(frame->size) : der;
}

/// The certificate of a TRUSTED CERTIFICATE block, behind which OpenSSL writes for what it is trusted.
ByteView withoutTrustSettings(ByteView content)
{
    const auto frame = sequenceFrame(content);
    return frame.ok() && frame->size <= content.size() ? content.first(frame->size) : content;
}

/// True if what begins as a SEQUENCE has an object identifier first, as a PKCS#7 message does, where a certificate has
/// another SEQUENCE. The length of a message may be indefinite (0x80). Source: RFC 2315, section 7.
bool looksLikeMessage(ByteView der)
{
    constexpr auto kIndefinite = std::byte{0x80};
    constexpr auto kObjectIdentifier = std::byte{0x06};
    const auto frame = sequenceFrame(der);
    const bool isIndefinite = der.size() > 2 && der[0] == kDerSequence && der[1] == kIndefinite;
    const std::size_t header = frame.ok() ? frame->header : 2;
    return (frame.ok() || isIndefinite) && der.size() > header && der[header] == kObjectIdentifier;
}

/// Collects the certificates of one file in their order.
class Collector {
public:
    Result<void> add(ByteView der)
    {
        const auto place = m_bundle.certificates.size() + m_bundle.refused.size() + 1;
        if (place > kMostCertificatesInFile) {
            return unusable("the file has more than " + std::to_string(kMostCertificatesInFile) + " certificates");
        }
        auto certificate = Certificate::fromDer(der);
        if (certificate.ok()) {
            m_bundle.certificates.push_back(std::move(certificate).value());
        } else {
            m_bundle.refused.push_back({place, std::move(certificate).error()});
        }
        return {};
    }

    /// Error S-337 unless \p der is one PKCS#7 message of the signed kind with nothing but spaces behind it.
    Result<void> addMessage(ByteView der)
    {
        ERR_clear_error();
        const auto* at = u8(der);
        const Pkcs7Ptr message{d2i_PKCS7(nullptr, &at, static_cast<long>(der.size()))};
        if (!message || !isBlank(der.subspan(static_cast<std::size_t>(at - u8(der))))) {
            return opensslError(StationCode::KeyMaterialUnusable, "the PKCS#7 message is broken", "d2i_PKCS7");
        }
        if (!PKCS7_type_is_signed(message.get()) || message->d.sign == nullptr) {
            return unusable("the PKCS#7 message is of a kind that holds no certificates");
        }
        auto* const stack = message->d.sign->cert;
        for (int i = 0; i < sk_X509_num(stack); ++i) {
            TRY(addHandle(sk_X509_value(stack, i)));
        }
        return {};
    }

    Result<CertificateBundle> taken() &&
    {
        if (m_bundle.certificates.empty() && m_bundle.refused.empty()) {
            return unusable("the file contains no certificate");
        }
        return std::move(m_bundle);
    }

private:
    Result<void> addHandle(X509* x509)
    {
        unsigned char* der = nullptr;
        const int size = i2d_X509(x509, &der);
        const OpenSslMemoryPtr<unsigned char> owned{der};
        if (size <= 0) {
            return opensslError(StationCode::KeyMaterialUnusable, "a certificate of the PKCS#7 message is broken",
                                "i2d_X509");
        }
        return add(std::as_bytes(std::span{der, static_cast<std::size_t>(size)}));
    }

    CertificateBundle m_bundle;
};

Result<void> collectPem(ByteView text, Collector& collector)
{
    ERR_clear_error();
    const BioPtr source{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
    if (!source) {
        return opensslError(StationCode::KeyMaterialUnusable, "the text cannot be read", "BIO_new_mem_buf");
    }
    for (;;) {
        TRY_ASSIGN(const auto block, nextPemBlock(source.get()));
        if (!block) {
            return {};
        }
        if (isOneOf(kPemMessages, block->name)) {
            TRY(collector.addMessage(block->content));
        } else if (isOneOf(kPemCertificates, block->name)) {
            const bool hasSettings = block->name == kTrustedCertificate;
            TRY(collector.add(hasSettings ? withoutTrustSettings(block->content) : ByteView{block->content}));
        }
    }
}

Result<void> collectDer(ByteView der, Collector& collector)
{
    return looksLikeMessage(der) ? collector.addMessage(der) : collector.add(withoutBlankEnd(der));
}

/// The bytes of a text that is base64 and nothing else; nothing if it is something else.
std::optional<Bytes> decodedWhole(std::string_view text)
{
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    std::string digits;
    text.remove_prefix(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
    std::ranges::remove_copy_if(text, std::back_inserter(digits), isSpace);
    auto decoded = fromBase64(digits);
    return decoded.ok() ? std::optional{std::move(decoded).value()} : std::nullopt;
}

bool beginsAsDer(ByteView content) noexcept
{
    return !content.empty() && content.front() == kDerSequence;
}

Result<void> collect(ByteView content, Collector& collector)
{
    if (beginsAsDer(content)) {
        return collectDer(content, collector);
    }
    if (asText(content).find(kPemMark) != std::string_view::npos) {
        return collectPem(content, collector);
    }
    const auto decoded = decodedWhole(asText(content));
    if (!decoded || !beginsAsDer(*decoded)) {
        return unusable("the file is neither PEM nor DER, neither PKCS#7 nor base64 of a certificate");
    }
    return collectDer(*decoded, collector);
}

} // namespace

Result<CertificateBundle> readCertificateBundle(ByteView content)
{
    if (content.size() > kLargestCertificateFile) {
        return unusable("the file is too large for certificates");
    }
    Collector collector;
    TRY(collect(content, collector));
    return std::move(collector).taken();
}

Result<std::vector<Certificate>> certificatesFromFile(ByteView content)
{
    TRY_ASSIGN(auto bundle, readCertificateBundle(content));
    if (!bundle.refused.empty()) {
        return bundle.refused.front().reason;
    }
    return std::move(bundle.certificates);
}

} // namespace enroll::crypto

#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/crypto/certificate.h"
#include "core/crypto/openssl_error.h"
#include "core/crypto/openssl_ptr.h"
#include "core/crypto/pem_file.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>

namespace enroll::crypto {
namespace {

constexpr std::string_view kPemCertificate = "CERTIFICATE";
constexpr std::string_view kPemMark = "-----BEGIN ";

Error malformed(std::string what)
{
    return makeError(DeviceCode::EkCertificateMalformed, std::move(what));
}

struct PemBlock {
    std::string name;
    Bytes content;
};

/// The next PEM block, whatever its name; nothing at the end of the text. Error S-337 for a broken block.
Result<std::optional<PemBlock>> nextBlock(BIO* source)
{
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* content = nullptr;
    long size = 0;
    const int read = PEM_read_bio(source, &name, &header, &content, &size);
    const OpenSslMemoryPtr<char> ownedName{name};
    const OpenSslMemoryPtr<char> ownedHeader{header};
    const OpenSslMemoryPtr<unsigned char> ownedContent{content};
    if (read != 1) {
        if (ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE) { // how OpenSSL reports the end of the text
            ERR_clear_error();
            return std::optional<PemBlock>{};
        }
        return opensslError(StationCode::KeyMaterialUnusable, "a PEM block is broken", "PEM_read_bio");
    }
    return std::optional{PemBlock{name, toBytes(std::as_bytes(std::span{content, static_cast<std::size_t>(size)}))}};
}

Result<std::vector<Certificate>> certificatesFromPem(ByteView text)
{
    ERR_clear_error();
    const BioPtr source{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
    if (!source) {
        return opensslError(StationCode::KeyMaterialUnusable, "the text cannot be read", "BIO_new_mem_buf");
    }
    std::vector<Certificate> certificates;
    for (;;) {
        TRY_ASSIGN(const auto block, nextBlock(source.get()));
        if (!block) {
            break;
        }
        if (block->name == kPemCertificate) {
            TRY_ASSIGN(auto certificate, Certificate::fromDer(block->content));
            certificates.push_back(std::move(certificate));
        }
    }
    if (certificates.empty()) {
        return makeError(StationCode::KeyMaterialUnusable, "the PEM text contains no certificate");
    }
    return certificates;
}

bool isFilledWith(ByteView bytes, std::byte value) noexcept
{
    return std::ranges::all_of(bytes, [value](std::byte byte) { return byte == value; });
}

bool isFiller(ByteView bytes) noexcept
{
    return isFilledWith(bytes, std::byte{0xFF}) || isFilledWith(bytes, std::byte{0});
}

bool beginsWith(ByteView bytes, ByteView start) noexcept
{
    return bytes.size() >= start.size() && equalBytes(bytes.first(start.size()), start);
}

/// \p content behind a TCG_PCCLIENT_STORED_CERT header, which chips derived from TPM 1.2 store: tag 10 01, type 00, two
/// bytes of length and, for a full certificate, tag 10 02. Some chips leave out the last tag.
ByteView withoutTcgHeader(ByteView content) noexcept
{
    constexpr std::array kStoredCertificate{std::byte{0x10}, std::byte{0x01}, std::byte{0x00}};
    constexpr std::array kFullCertificate{std::byte{0x10}, std::byte{0x02}};
    constexpr std::size_t kHeaderSize = 5;
    if (content.size() < kHeaderSize || !beginsWith(content, kStoredCertificate)) {
        return content;
    }
    const auto rest = content.subspan(kHeaderSize);
    return beginsWith(rest, kFullCertificate) ? rest.subspan(kFullCertificate.size()) : rest;
}

/// The size of the DER SEQUENCE at the start, its header included. Accepts definite lengths of at most three bytes: 16
/// MiB, far more than an NV index holds. Source: ITU-T X.690, section 8.1.3.
Result<std::size_t> sequenceSize(ByteView der)
{
    constexpr auto kSequence = std::byte{0x30};
    constexpr unsigned kLongForm = 0x80;
    constexpr unsigned kMostLengthBytes = 3;
    if (der.size() < 2 || der[0] != kSequence) {
        return malformed("the NV index does not begin with a certificate");
    }
    const auto first = std::to_integer<unsigned>(der[1]);
    if (first < kLongForm) {
        return 2 + std::size_t{first};
    }
    const auto count = first - kLongForm;
    if (count == 0 || count > kMostLengthBytes || der.size() < 2 + std::size_t{count}) {
        return malformed("the length of the certificate cannot be read");
    }
    std::size_t length = 0;
    for (const auto byte : der.subspan(2, count)) {
        length = (length << 8U) | std::to_integer<std::size_t>(byte);
    }
    return 2 + std::size_t{count} + length;
}

} // namespace

Result<std::vector<Certificate>> certificatesFromFile(ByteView content)
{
    if (content.size() > kLargestCertificateFile) {
        return makeError(StationCode::KeyMaterialUnusable, "the file is too large for certificates");
    }
    if (asText(content).find(kPemMark) != std::string_view::npos) {
        return certificatesFromPem(content);
    }
    if (content.empty() || content.front() != std::byte{0x30}) {
        return makeError(StationCode::KeyMaterialUnusable, "the file is neither PEM nor DER");
    }
    TRY_ASSIGN(auto certificate, Certificate::fromDer(content));
    return std::vector{std::move(certificate)};
}

Result<std::optional<Certificate>> certificateFromNv(ByteView nvContent)
{
    if (isFiller(nvContent)) {
        return std::optional<Certificate>{};
    }
    const auto content = withoutTcgHeader(nvContent);
    TRY_ASSIGN(const std::size_t size, sequenceSize(content));
    if (size > content.size()) {
        return malformed("the certificate says " + std::to_string(size) + " bytes, the index holds " +
                         std::to_string(content.size()));
    }
    if (!isFiller(content.subspan(size))) {
        return malformed("the bytes behind the certificate are neither all FF nor all 00");
    }
    TRY_ASSIGN(auto certificate, Certificate::fromDer(content.first(size)));
    return std::optional{std::move(certificate)};
}

std::vector<Certificate> certificatesFromNvChain(ByteView nvContents)
{
    std::vector<Certificate> chain;
    while (!isFiller(nvContents) && chain.size() < kMostChainCertificates) {
        const auto size = sequenceSize(nvContents);
        if (!size || *size > nvContents.size()) {
            break;
        }
        auto certificate = Certificate::fromDer(nvContents.first(*size));
        if (!certificate) {
            break;
        }
        chain.push_back(std::move(certificate).value());
        nvContents = nvContents.subspan(*size);
    }
    return chain;
}

} // namespace enroll::crypto

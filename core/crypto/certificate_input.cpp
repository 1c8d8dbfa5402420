#include "core/base/device_code.h"
#include "core/crypto/certificate.h"
#include "core/crypto/der.h"

#include <algorithm>
#include <array>

namespace enroll::crypto {
namespace {

Error malformed(std::string what)
{
    return makeError(DeviceCode::EkCertificateMalformed, std::move(what));
}

bool isFilledWith(ByteView bytes, std::byte value) noexcept
{
    return std::ranges::all_of(bytes, [value](std::byte byte) { return byte == value; });
}

bool isFiller(ByteView bytes) noexcept
{
    return isFilledWith(bytes, std::byte{0xFF}) || isFilledWith(bytes, std::byte{0});
}

/// \p bytes from the first one that is neither FF nor 00.
ByteView withoutPadding(ByteView bytes) noexcept
{
    const auto first =
        std::ranges::find_if(bytes, [](std::byte byte) { return byte != std::byte{0xFF} && byte != std::byte{0}; });
    return bytes.subspan(static_cast<std::size_t>(first - bytes.begin()));
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

} // namespace

namespace {

/// The bytes of the certificate that begins \p rest.
Result<ByteView> firstOf(ByteView rest)
{
    TRY_ASSIGN(const auto frame, sequenceFrame(rest));
    if (frame.size > rest.size()) {
        return malformed("the certificate says " + std::to_string(frame.size) + " bytes, the index holds " +
                         std::to_string(rest.size()));
    }
    return rest.first(frame.size);
}

bool isMalformed(const Error& error) noexcept
{
    return error.code == DeviceCode::EkCertificateMalformed;
}

} // namespace

Result<NvCertificates> certificatesFromNv(ByteView nvContent)
{
    NvCertificates found;
    if (isFiller(nvContent)) {
        return found;
    }
    auto rest = withoutTcgHeader(nvContent);
    for (std::size_t read = 0; read == 0 || !isFiller(rest); ++read) {
        if (read > 0 && rest.front() != kDerSequence) {
            found.unreadable = malformed("the bytes behind the certificate are neither all FF nor all 00");
            break;
        }
        if (read == kMostChainCertificates) {
            found.unreadable =
                malformed("the index holds more than " + std::to_string(kMostChainCertificates) + " certificates");
            break;
        }
        auto bytes = firstOf(rest);
        if (!bytes) {
            found.unreadable = std::move(bytes).error();
            break;
        }
        rest = rest.subspan(bytes->size());
        if (auto certificate = Certificate::fromDer(*bytes)) {
            found.certificates.push_back(std::move(certificate).value());
        } else if (isMalformed(certificate.error())) {
            found.unreadable = std::move(certificate).error();
        } else {
            return std::move(certificate).error();
        }
    }
    if (found.certificates.empty()) {
        return std::move(*found.unreadable);
    }
    return found;
}

std::vector<Certificate> certificatesFromNvChain(ByteView nvContents)
{
    std::vector<Certificate> chain;
    nvContents = withoutPadding(nvContents);
    for (std::size_t read = 0; read < kMostChainCertificates && !nvContents.empty(); ++read) {
        const auto bytes = firstOf(nvContents);
        if (!bytes) {
            break;
        }
        if (auto certificate = Certificate::fromDer(*bytes)) {
            chain.push_back(std::move(certificate).value());
        }
        nvContents = withoutPadding(nvContents.subspan(bytes->size()));
    }
    return chain;
}

} // namespace enroll::crypto

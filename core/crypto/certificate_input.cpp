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

Result<std::vector<Certificate>> certificatesFromNv(ByteView nvContent)
{
    std::vector<Certificate> certificates;
    if (isFiller(nvContent)) {
        return certificates;
    }
    auto rest = withoutTcgHeader(nvContent);
    while (certificates.empty() || !isFiller(rest)) {
        if (!certificates.empty() && rest.front() != kDerSequence) {
            return malformed("the bytes behind the certificate are neither all FF nor all 00");
        }
        if (certificates.size() == kMostChainCertificates) {
            return malformed("the index holds more than " + std::to_string(kMostChainCertificates) + " certificates");
        }
        TRY_ASSIGN(const auto frame, sequenceFrame(rest));
        if (frame.size > rest.size()) {
            return malformed("the certificate says " + std::to_string(frame.size) + " bytes, the index holds " +
                             std::to_string(rest.size()));
        }
        TRY_ASSIGN(auto certificate, Certificate::fromDer(rest.first(frame.size)));
        certificates.push_back(std::move(certificate));
        rest = rest.subspan(frame.size);
    }
    return certificates;
}

std::vector<Certificate> certificatesFromNvChain(ByteView nvContents)
{
    std::vector<Certificate> chain;
    while (!isFiller(nvContents) && chain.size() < kMostChainCertificates) {
        const auto frame = sequenceFrame(nvContents);
        if (!frame || frame->size > nvContents.size()) {
            break;
        }
        auto certificate = Certificate::fromDer(nvContents.first(frame->size));
        if (!certificate) {
            break;
        }
        chain.push_back(std::move(certificate).value());
        nvContents = nvContents.subspan(frame->size);
    }
    return chain;
}

} // namespace enroll::crypto

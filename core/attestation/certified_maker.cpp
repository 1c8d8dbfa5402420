#include "core/attestation/certified_maker.h"

#include "core/attestation/tpm_identity.h"
#include "core/base/bytes.h"
#include "core/base/text.h"

#include <algorithm>
#include <array>

namespace enroll::attestation {
namespace {

constexpr std::uint32_t kSwtpmCertified = 0x00001014;
constexpr std::uint32_t kLibtpms = 0x49424D00;

/// Words in the name of authorities that certify software TPMs alone: swtpm's, Azure's "Global Virtual TPM
/// CA", Google's "EK/AK CA" of its cloud, VMware's and Alibaba's. In lower case.
constexpr std::array<std::string_view, 6> kSoftwareIssuers{"swtpm",  "virtual tpm", "vtpm", "ou=cloud,o=google",
                                                           "vmware", "alibaba"};

/// Each maker that the attributes name, once; nothing for one in another form.
std::vector<std::optional<std::uint32_t>> idsIn(const std::optional<crypto::TpmDeviceAttributes>& attributes)
{
    if (!attributes) {
        return {};
    }
    std::vector ids{vendorIdOf(attributes->manufacturer)};
    for (const auto& other : attributes->otherManufacturers) {
        if (const auto id = vendorIdOf(other); std::ranges::find(ids, id) == ids.end()) {
            ids.push_back(id);
        }
    }
    return ids;
}

} // namespace

std::optional<std::uint32_t> vendorIdOf(const std::string& text)
{
    constexpr std::string_view kPrefix = "id:";
    constexpr std::size_t kDigits = 8;
    if (text.size() != kPrefix.size() + kDigits || !equalWithoutCase(text.substr(0, kPrefix.size()), kPrefix)) {
        return std::nullopt;
    }
    const auto bytes = fromHex(text.substr(kPrefix.size()));
    if (!bytes) {
        return std::nullopt;
    }
    const auto id = ByteReader{*bytes}.u32("manufacturer");
    return id ? std::optional{*id} : std::nullopt;
}

std::optional<std::uint32_t> certifiedManufacturer(const crypto::Certificate& certificate)
{
    const auto ids = idsIn(certificate.tpmDeviceAttributes());
    return ids.size() == 1 ? ids.front() : std::nullopt;
}

bool namesSeveralManufacturers(const crypto::Certificate& certificate)
{
    return idsIn(certificate.tpmDeviceAttributes()).size() > 1;
}

std::string manufacturerText(std::uint32_t id)
{
    std::string text;
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
        if (const auto letter = static_cast<char>((id >> shift) & 0xFFU); letter != '\0' && letter != ' ') {
            text.push_back(letter);
        }
    }
    return printableText(text);
}

std::string certifiedMakerText(const std::string& manufacturer)
{
    const auto id = vendorIdOf(manufacturer);
    const auto letters = id ? manufacturerText(*id) : std::string{};
    const auto isLetter = [](char c) { return c > ' ' && c <= '~' && c != '\\'; };
    return !letters.empty() && std::ranges::all_of(letters, isLetter) ? letters : printableText(manufacturer);
}

bool isSoftwareTpmAuthority(const std::string& distinguishedName)
{
    const auto name = asciiLowered(distinguishedName);
    return std::ranges::any_of(kSoftwareIssuers,
                               [&name](std::string_view word) { return name.find(word) != std::string::npos; });
}

bool certifiesSoftwareTpm(const crypto::Certificate& certificate)
{
    const auto attributes = certificate.tpmDeviceAttributes();
    const auto model = attributes ? attributes->model : std::string{};
    const auto isSoftware = [&model](const auto& id) { return looksLikeSoftwareTpm(id.value_or(0), model); };
    return isSoftwareTpmAuthority(certificate.issuer()) || std::ranges::any_of(idsIn(attributes), isSoftware);
}

bool isSwtpmPair(std::uint32_t certified, std::uint32_t stated) noexcept
{
    return certified == kSwtpmCertified && stated == kLibtpms;
}

} // namespace enroll::attestation

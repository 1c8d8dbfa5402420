#include "core/base/text.h"
#include "core/crypto/certificate_parsed.h"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace enroll::crypto {
namespace {

// Source: TCG OID Registry, "tcg-attribute" and "tcg-kp".
constexpr std::string_view kTpmManufacturer = "2.23.133.2.1";
constexpr std::string_view kTpmModel = "2.23.133.2.2";
constexpr std::string_view kTpmVersion = "2.23.133.2.3";
constexpr std::string_view kEkCertificateUsage = "2.23.133.8.1";

/// An attribute is cut to this length: a forged certificate may hold any text, and the value is shown on one line.
constexpr std::size_t kMostCharacters = 64;

/// The dotted form; empty if it is longer than the buffer, as none of the identifiers above is.
std::string dotted(const ASN1_OBJECT* object)
{
    std::array<char, 80> text{};
    const int size = OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
    return size > 0 && static_cast<std::size_t>(size) < text.size() ? std::string{text.data()} : std::string{};
}

std::string utf8Of(const ASN1_STRING* string)
{
    unsigned char* text = nullptr;
    const int size = ASN1_STRING_to_UTF8(&text, string);
    const OpenSslMemoryPtr<unsigned char> owned{text};
    return size > 0 ? std::string{asText(std::as_bytes(std::span{text, static_cast<std::size_t>(size)}))}
                    : std::string{};
}

std::string* attributeNamed(std::string_view oid, TpmDeviceAttributes& attributes) noexcept
{
    if (oid == kTpmManufacturer) {
        return &attributes.manufacturer;
    }
    if (oid == kTpmModel) {
        return &attributes.model;
    }
    return oid == kTpmVersion ? &attributes.version : nullptr;
}

/// The first value of an attribute stays. A second maker is kept beside it: which of them is meant nobody knows.
void take(std::string value, std::string& attribute, TpmDeviceAttributes& attributes)
{
    auto& others = attributes.otherManufacturers;
    if (attribute.empty()) {
        attribute = std::move(value);
    } else if (&attribute == &attributes.manufacturer && value != attribute &&
               std::ranges::find(others, value) == others.end() && others.size() < kMostOtherManufacturers) {
        others.push_back(std::move(value));
    }
}

/// Takes the attributes of one name; true if there was one. Some makers write three RDNs, some one RDN of three values:
/// reading entry by entry accepts both, in any order.
bool readAttributes(const X509_NAME* name, TpmDeviceAttributes& attributes)
{
    bool found = false;
    for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
        const auto* entry = X509_NAME_get_entry(name, i);
        if (auto* attribute = attributeNamed(dotted(X509_NAME_ENTRY_get_object(entry)), attributes)) {
            const auto value = utf8Of(X509_NAME_ENTRY_get_data(entry));
            take(printableText(firstCharacters(value, kMostCharacters)), *attribute, attributes);
            found = true;
        }
    }
    return found;
}

/// The parsed extension, or null if it is absent, there twice or cannot be parsed.
template <class Pointer>
Pointer extension(const X509* x509, int nid)
{
    return Pointer{static_cast<typename Pointer::pointer>(X509_get_ext_d2i(x509, nid, nullptr, nullptr))};
}

} // namespace

std::optional<TpmDeviceAttributes> Certificate::tpmDeviceAttributes() const
{
    const auto names = extension<GeneralNamesPtr>(m_parsed->x509.get(), NID_subject_alt_name);
    TpmDeviceAttributes attributes;
    bool found = false;
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const auto* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type == GEN_DIRNAME) {
            found = readAttributes(name->d.directoryName, attributes) || found;
        }
    }
    ERR_clear_error();
    return found ? std::optional{attributes} : std::nullopt;
}

bool Certificate::hasExtendedKeyUsage() const
{
    return X509_get_ext_by_NID(m_parsed->x509.get(), NID_ext_key_usage, -1) >= 0;
}

bool Certificate::hasEkCertificateUsage() const
{
    const auto usages = extension<ExtendedKeyUsagePtr>(m_parsed->x509.get(), NID_ext_key_usage);
    bool found = false;
    for (int i = 0; usages && i < sk_ASN1_OBJECT_num(usages.get()); ++i) {
        found = found || dotted(sk_ASN1_OBJECT_value(usages.get(), i)) == kEkCertificateUsage;
    }
    ERR_clear_error();
    return found;
}

} // namespace enroll::crypto

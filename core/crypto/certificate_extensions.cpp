#include "core/base/text.h"
#include "core/crypto/certificate_parsed.h"

#include <openssl/err.h>

#include <algorithm>

namespace enroll::crypto {
namespace {

/// An address is cut to this length: it is shown on one line.
constexpr std::size_t kMostCharacters = 200;

ByteView viewOf(const ASN1_STRING* string) noexcept
{
    const auto size = static_cast<std::size_t>(std::max(ASN1_STRING_length(string), 0));
    return std::as_bytes(std::span{ASN1_STRING_get0_data(string), size});
}

std::string hexOrNothing(const ASN1_OCTET_STRING* identifier)
{
    return identifier == nullptr ? std::string{} : toHex(viewOf(identifier));
}

} // namespace

SignatureDigest Certificate::signatureDigest() const
{
    int digest = NID_undef;
    const bool known = X509_get_signature_info(m_parsed->x509.get(), &digest, nullptr, nullptr, nullptr) == 1;
    ERR_clear_error();
    if (known && digest == NID_md5) {
        return SignatureDigest::Md5;
    }
    return known && digest == NID_sha1 ? SignatureDigest::Sha1 : SignatureDigest::Other;
}

std::string Certificate::subjectKeyId() const
{
    return hexOrNothing(X509_get0_subject_key_id(m_parsed->x509.get()));
}

std::string Certificate::authorityKeyId() const
{
    return hexOrNothing(X509_get0_authority_key_id(m_parsed->x509.get()));
}

bool Certificate::hasRevocationAddress() const
{
    return X509_get_ext_by_NID(m_parsed->x509.get(), NID_crl_distribution_points, -1) >= 0;
}

std::vector<std::string> Certificate::issuerAddresses() const
{
    const AuthorityInfoPtr access{
        static_cast<AUTHORITY_INFO_ACCESS*>(X509_get_ext_d2i(m_parsed->x509.get(), NID_info_access, nullptr, nullptr))};
    std::vector<std::string> addresses;
    for (int i = 0; access && i < sk_ACCESS_DESCRIPTION_num(access.get()); ++i) {
        const auto* entry = sk_ACCESS_DESCRIPTION_value(access.get(), i);
        const bool isIssuer = OBJ_obj2nid(entry->method) == NID_ad_ca_issuers && entry->location->type == GEN_URI;
        if (isIssuer && addresses.size() < kMostIssuerAddresses) {
            const auto address = asText(viewOf(entry->location->d.uniformResourceIdentifier));
            addresses.push_back(printableText(firstCharacters(address, kMostCharacters)));
        }
    }
    ERR_clear_error();
    return addresses;
}

} // namespace enroll::crypto

#include "tests/support/revocation_list_maker.h"

#include "tests/support/der_text.h"

#include <cstdio>
#include <cstdlib>

namespace enroll::test {
namespace {

using namespace enroll::crypto;

using TimePtr = std::unique_ptr<ASN1_TIME, OpenSslFree<&ASN1_TIME_free>>;
using IntegerPtr = std::unique_ptr<ASN1_INTEGER, OpenSslFree<&ASN1_INTEGER_free>>;
using NamePtr = std::unique_ptr<X509_NAME, OpenSslFree<&X509_NAME_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, OpenSslFree<&X509_EXTENSION_free>>;

void require(bool done, const char* step)
{
    if (!done) {
        std::fprintf(stderr, "making a test revocation list: %s\n", step);
        std::abort();
    }
}

TimePtr timeOf(UtcTime time)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    return TimePtr{ASN1_TIME_set(nullptr, seconds)};
}

ExtensionPtr extensionOf(const std::pair<std::string, std::string>& text)
{
    ExtensionPtr extension{X509V3_EXT_conf_nid(nullptr, nullptr, OBJ_txt2nid(text.first.c_str()), text.second.c_str())};
    require(extension != nullptr, text.first.c_str());
    return extension;
}

void setIssuer(X509_CRL* crl, const std::string& commonName)
{
    const NamePtr name{X509_NAME_new()};
    const auto* text = reinterpret_cast<const unsigned char*>(commonName.c_str());
    require(X509_NAME_add_entry_by_txt(name.get(), "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1, "name");
    require(X509_CRL_set_issuer_name(crl, name.get()) == 1, "issuer");
}

using Extensions = std::vector<std::pair<std::string, std::string>>;

Extensions extensionsOf(const RevocationEntry& entry)
{
    Extensions extensions;
    if (!entry.certificateIssuer.empty()) {
        extensions.emplace_back("certificateIssuer",
                                "critical,DER:" +
                                    derElement("30", derElement("a4", derCommonName(entry.certificateIssuer))));
    }
    if (entry.takenBack) {
        extensions.emplace_back("CRLReason", "DER:0a0108");
    }
    return extensions;
}

void addEntry(X509_CRL* crl, long serial, UtcTime time, const Extensions& extensions)
{
    auto* entry = X509_REVOKED_new();
    const IntegerPtr number{ASN1_INTEGER_new()};
    ASN1_INTEGER_set(number.get(), serial);
    require(X509_REVOKED_set_serialNumber(entry, number.get()) == 1, "serial number");
    require(X509_REVOKED_set_revocationDate(entry, timeOf(time).get()) == 1, "date");
    for (const auto& text : extensions) {
        require(X509_REVOKED_add_ext(entry, extensionOf(text).get(), -1) == 1, "extension of an entry");
    }
    require(X509_CRL_add0_revoked(crl, entry) == 1, "entry");
}

} // namespace

std::pair<std::string, std::string> listsOfIssuer(const std::string& commonName)
{
    const auto point = derElement("30", derElement("a2", derElement("a4", derCommonName(commonName))));
    return {"crlDistributionPoints", "DER:" + derElement("30", point)};
}

Bytes makeRevocationListDer(const RevocationPlan& plan, const TestKey& issuer)
{
    const X509CrlPtr crl{X509_CRL_new()};
    require(X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2) == 1, "version");
    setIssuer(crl.get(), plan.issuer);
    require(X509_CRL_set1_lastUpdate(crl.get(), timeOf(plan.thisUpdate).get()) == 1, "thisUpdate");
    if (plan.nextUpdate) {
        require(X509_CRL_set1_nextUpdate(crl.get(), timeOf(*plan.nextUpdate).get()) == 1, "nextUpdate");
    }
    for (const auto& text : plan.extensions) {
        require(X509_CRL_add_ext(crl.get(), extensionOf(text).get(), -1) == 1, "extension");
    }
    for (const auto serial : plan.serials) {
        addEntry(crl.get(), serial, plan.thisUpdate, plan.entryExtensions);
    }
    for (const auto& entry : plan.entries) { // never sorted: an entry's issuer stands in one before it
        addEntry(crl.get(), entry.serial, plan.thisUpdate, extensionsOf(entry));
    }
    require(X509_CRL_sign(crl.get(), issuer.handle(), EVP_sha256()) > 0, "signature");
    unsigned char* der = nullptr;
    const int size = i2d_X509_CRL(crl.get(), &der);
    require(size > 0, "DER");
    const OpenSslMemoryPtr<unsigned char> owned{der};
    return toBytes(std::as_bytes(std::span{der, static_cast<std::size_t>(size)}));
}

RevocationList makeRevocationList(const RevocationPlan& plan, const TestKey& issuer)
{
    return RevocationList::fromDer(makeRevocationListDer(plan, issuer)).value();
}

} // namespace enroll::test

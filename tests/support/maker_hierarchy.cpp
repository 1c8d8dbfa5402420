#include "tests/support/maker_hierarchy.h"

#include "tests/support/der_text.h"

namespace enroll::test {

using namespace enroll::crypto;

ExtensionText keyId(const std::string& hex)
{
    return {"subjectKeyIdentifier", "DER:" + derElement("04", hex)};
}

ExtensionText issuerKeyId(const std::string& hex)
{
    return {"authorityKeyIdentifier", "DER:" + derElement("30", derElement("80", hex))};
}

ExtensionText issuerSerial(const std::string& issuerOfIssuer, const std::string& serial)
{
    return {"authorityKeyIdentifier",
            "DER:" + derElement("30", derElement("a1", derElement("a4", derCommonName(issuerOfIssuer))) +
                                          derElement("82", serial))};
}

ExtensionText tpmName(bool critical)
{
    const auto part = [](const char* oid, const char* text) { return derElement("30", oid + derText(text)); };
    const auto parts =
        part("06056781050201", "id:49465800") + part("06056781050202", "SLB") + part("06056781050203", "id:0007");
    return {"subjectAltName", (critical ? "critical,DER:" : "DER:") +
                                  derElement("30", derElement("a4", derElement("30", derElement("31", parts))))};
}

const MakerKeys& keys()
{
    static const MakerKeys value;
    return value;
}

Certificate MakerHierarchy::leafCertificate() const
{
    return makeCertificate(leaf, *ekKey, leafSigner == nullptr ? *issuerKey : *leafSigner);
}

Certificate MakerHierarchy::issuerCertificate() const
{
    return makeCertificate(issuer, *issuerKey, issuerSigner == nullptr ? *rootKey : *issuerSigner);
}

Certificate MakerHierarchy::rootCertificate() const
{
    return makeCertificate(root, *rootKey, *rootKey);
}

TrustStore MakerHierarchy::store() const
{
    TrustStore store;
    const auto addAll = [&store](const std::vector<Certificate>& all) {
        for (const auto& one : all) {
            (void)store.add(one).value();
        }
    };
    addAll(before);
    const auto middle = issuerCertificate();
    if (hasIssuer && middle.isCertificateAuthority()) {
        (void)(anchorsIssuer ? store.addAnchor(middle) : store.add(middle)).value();
    }
    if (hasRoot) {
        (void)store.add(rootCertificate()).value();
    }
    addAll(after);
    for (const auto& one : witnesses) {
        store.addWitness(one).value();
    }
    for (const auto& list : lists) {
        store.addRevocationList(list);
    }
    return store;
}

std::vector<Certificate> MakerHierarchy::helpers() const
{
    const auto middle = issuerCertificate();
    return hasIssuer && !middle.isCertificateAuthority() ? std::vector{middle} : std::vector<Certificate>{};
}

Certificate issuerNamesake(const TestKey& key, const TestKey& signer, const std::string& id)
{
    auto plan = authorityPlan("Issuer", "Root");
    plan.serial = 0x2002;
    if (!id.empty()) {
        plan.extensions = {keyId(id)};
    }
    return makeCertificate(plan, key, signer);
}

Certificate rootNamesake(const TestKey& key)
{
    return makeCertificate(authorityPlan("Root", "Root"), key, key);
}

} // namespace enroll::test

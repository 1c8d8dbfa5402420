#include "tests/support/maker_hierarchy.h"

#include "core/base/text.h"

namespace enroll::test {

using namespace enroll::crypto;

namespace {

/// One DER element of at most 127 bytes, in hex.
std::string der(const char* tag, const std::string& content)
{
    return tag + toHex(ByteWriter{}.u8(static_cast<std::uint8_t>(content.size() / 2)).view()) + content;
}

std::string derText(const std::string& text)
{
    return der("0c", toHex(asBytes(text)));
}

std::string commonName(const std::string& name)
{
    return der("30", der("31", der("30", "0603550403" + derText(name))));
}

} // namespace

ExtensionText keyId(const std::string& hex)
{
    return {"subjectKeyIdentifier", "DER:" + der("04", hex)};
}

ExtensionText issuerKeyId(const std::string& hex)
{
    return {"authorityKeyIdentifier", "DER:" + der("30", der("80", hex))};
}

ExtensionText issuerSerial(const std::string& issuerOfIssuer, const std::string& serial)
{
    return {"authorityKeyIdentifier",
            "DER:" + der("30", der("a1", der("a4", commonName(issuerOfIssuer))) + der("82", serial))};
}

ExtensionText tpmName(bool critical)
{
    const auto part = [](const char* oid, const char* text) { return der("30", oid + derText(text)); };
    const auto parts =
        part("06056781050201", "id:49465800") + part("06056781050202", "SLB") + part("06056781050203", "id:0007");
    return {"subjectAltName",
            (critical ? "critical,DER:" : "DER:") + der("30", der("a4", der("30", der("31", parts))))};
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
        (void)store.add(makeCertificate(root, *rootKey, *rootKey)).value();
    }
    addAll(after);
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

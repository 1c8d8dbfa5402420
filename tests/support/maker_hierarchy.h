#pragma once

#include "core/crypto/trust_store.h"
#include "tests/support/revocation_list_maker.h"

namespace enroll::test {

/// When the tests of hierarchies judge: in the midst of what a CertificatePlan is valid for unless a test changes it.
inline constexpr UtcTime kNow{std::chrono::sys_days{std::chrono::year{2030} / 6 / 1}};
/// Before kNow: the end of a certificate that has expired.
inline constexpr UtcTime kPast{std::chrono::sys_days{std::chrono::year{2021} / 1 / 1}};

/// An extension by OpenSSL's name, and its value as in OpenSSL's configuration.
using ExtensionText = std::pair<std::string, std::string>;

ExtensionText keyId(const std::string& hex);
ExtensionText issuerKeyId(const std::string& hex);
/// An authority key identifier that names the issuer's certificate by its issuer and serial number.
ExtensionText issuerSerial(const std::string& issuerOfIssuer, const std::string& serial);
/// The directoryName that says maker, model and version; several values of one RDN, as Nuvoton writes them.
ExtensionText tpmName(bool critical);

/// Keys that tests of hierarchies share, because large ones take time to make.
struct MakerKeys {
    TestKey root = TestKey::ecc();
    TestKey issuer = TestKey::ecc();
    TestKey other = TestKey::ecc();
    TestKey third = TestKey::ecc();
    TestKey p384 = TestKey::ecc(crypto::EccCurve::NistP384);
    TestKey p384Root = TestKey::ecc(crypto::EccCurve::NistP384);
    TestKey rsa1024 = TestKey::rsa(1024);
    TestKey rsa2048 = TestKey::rsa(2048);
    TestKey rsa3072 = TestKey::rsa(3072);
    TestKey rsa4096 = TestKey::rsa(4096);
    TestKey ek = TestKey::rsa(2048);
};
const MakerKeys& keys();

/// A root, an intermediate that the store has, and an EK certificate. A test changes what it is about.
struct MakerHierarchy {
    CertificatePlan root = authorityPlan("Root", "Root");
    CertificatePlan issuer = authorityPlan("Issuer", "Root");
    CertificatePlan leaf = {.issuer = "Issuer"};
    const TestKey* rootKey = &keys().root;
    const TestKey* issuerKey = &keys().issuer;
    const TestKey* ekKey = &keys().ek;
    const TestKey* issuerSigner = nullptr; ///< rootKey unless it is another
    const TestKey* leafSigner = nullptr;   ///< issuerKey likewise
    bool hasRoot = true;
    bool hasIssuer = true;
    bool anchorsIssuer = false;
    std::vector<crypto::Certificate> before = {}; ///< further ones, ahead of those in the store
    std::vector<crypto::Certificate> after = {};
    std::vector<crypto::Certificate> witnesses = {}; ///< known and not trusted
    std::vector<crypto::RevocationList> lists = {};

    [[nodiscard]] crypto::Certificate leafCertificate() const;
    [[nodiscard]] crypto::Certificate issuerCertificate() const;
    [[nodiscard]] crypto::Certificate rootCertificate() const;
    [[nodiscard]] crypto::TrustStore store() const;
    /// What a device brings: an intermediate that no store takes.
    [[nodiscard]] std::vector<crypto::Certificate> helpers() const;
};

crypto::Certificate issuerNamesake(const TestKey& key, const TestKey& signer, const std::string& id = {});
crypto::Certificate rootNamesake(const TestKey& key);

} // namespace enroll::test

#pragma once

#include "core/base/clock.h"
#include "core/crypto/public_key.h"

#include <memory>
#include <optional>

namespace enroll::crypto {

/// What a TPM maker writes into the subjectAltName of an EK certificate. Source: TCG EK Credential Profile, "Subject
/// Alternative Name". Each is UTF-8 of at most 64 characters, control characters as '?'.
struct TpmDeviceAttributes {
    std::string manufacturer; ///< "id:49465800"
    std::string model;
    std::string version; ///< "id:0007"
    bool operator==(const TpmDeviceAttributes&) const = default;
};

/// One X.509 certificate as a value. Copies share the parsed form; nothing in it ever changes.
class Certificate {
public:
    /// Parses exactly one DER certificate; trailing bytes are an error. Errors D-124, S-340.
    static Result<Certificate> fromDer(ByteView der);

    [[nodiscard]] const Bytes& der() const noexcept;
    [[nodiscard]] std::string subject() const;      ///< RFC 2253, UTF-8, control characters escaped or as '?'
    [[nodiscard]] std::string issuer() const;       ///< likewise
    [[nodiscard]] std::string serialNumber() const; ///< lower-case hex, no leading zeros beyond one digit
    [[nodiscard]] UtcTime notBefore() const;        ///< as the certificate says, in whole seconds
    [[nodiscard]] UtcTime notAfter() const;         ///< 99991231235959Z included
    [[nodiscard]] std::string sha256Hex() const;    ///< fingerprint of the DER
    [[nodiscard]] bool isSelfIssued() const;
    [[nodiscard]] bool isCertificateAuthority() const;
    /// True if the basic constraints say cA, whether or not the key usage lets the key sign certificates.
    [[nodiscard]] bool claimsToBeAuthority() const;
    /// The subject's key, also from an rsaesOaep SubjectPublicKeyInfo. Error D-124 for other kinds.
    [[nodiscard]] Result<PublicKey> publicKey() const;
    [[nodiscard]] std::optional<TpmDeviceAttributes> tpmDeviceAttributes() const;
    [[nodiscard]] bool hasExtendedKeyUsage() const; ///< also one that cannot be read
    /// True if the extended key usage names tcg-kp-EKCertificate (2.23.133.8.1).
    [[nodiscard]] bool hasEkCertificateUsage() const;
    /// True if there is no keyUsage extension, or it allows what an EK does (keyEncipherment for RSA, keyAgreement for
    /// ECC). One that cannot be read allows nothing.
    [[nodiscard]] bool keyUsageFitsEndorsementKey() const;

    struct Parsed; ///< OpenSSL's form, for sources of this folder
    [[nodiscard]] const Parsed& parsed() const noexcept { return *m_parsed; }

private:
    explicit Certificate(std::shared_ptr<const Parsed> parsed) : m_parsed(std::move(parsed)) {}
    std::shared_ptr<const Parsed> m_parsed;
};

/// Every certificate of a PEM text (at least one) or the single one of a DER file. Errors S-332 (nothing usable),
/// D-124, S-340.
Result<std::vector<Certificate>> certificatesFromFile(ByteView content);

/// Takes exactly the certificate out of what an NV index holds: skips the TCG headers 10 01 00 LL LL [10 02], takes the
/// DER length of the outer SEQUENCE, requires the rest to be all FF or all 00. An index of only FF or 00 is no
/// certificate. Errors D-124, S-340. Source: TCG PC Client PFP, "EK certificate in NV"; field reports of padded
/// indices.
Result<std::optional<Certificate>> certificateFromNv(ByteView nvContent);

} // namespace enroll::crypto

#pragma once

#include "core/base/clock.h"
#include "core/crypto/public_key.h"

#include <memory>
#include <optional>

namespace enroll::crypto {

inline constexpr std::size_t kMostOtherManufacturers = 4;

/// What a TPM's maker writes into the subjectAltName of an EK certificate (a directoryName). Each value is UTF-8, cut
/// to 64 characters, as printableText(); empty if the certificate lacks it.
/// Source: TCG EK Credential Profile, "Subject Alternative Name".
struct TpmDeviceAttributes {
    std::string manufacturer; ///< "id:49465800"; the first, where there are several
    std::string model;
    std::string version; ///< "id:0007"
    /// What the certificate says beside the first manufacturer, each once: a good one says nothing. At most
    /// kMostOtherManufacturers.
    std::vector<std::string> otherManufacturers = {};
    bool operator==(const TpmDeviceAttributes&) const = default;
};

/// What the keyUsage of a certificate says of an endorsement key: an RSA key has keyEncipherment, an ECC key
/// keyAgreement. Source: TCG EK Credential Profile, "Key Usage".
enum class EndorsementKeyUsage {
    Fits,             ///< also if there is no such extension
    OfOtherAlgorithm, ///< the bit of the other algorithm alone: Intel, Nationz and Microsoft issued such certificates
    Other             ///< neither bit, or an extension that cannot be parsed
};

/// What a certificate's signature is over, as far as it matters: digests whose collisions can be made.
enum class SignatureDigest { Md5, Sha1, Other };

inline constexpr std::size_t kMostIssuerAddresses = 4;
/// The most certificates that are read from one place in a TPM.
inline constexpr std::size_t kMostChainCertificates = 16;

/// One X.509 certificate as a value. Copies share the parsed form, which never changes: safe to read on any thread.
class Certificate {
public:
    /// Parses exactly one DER certificate; trailing bytes are an error. Errors D-124, S-340.
    static Result<Certificate> fromDer(ByteView der);

    [[nodiscard]] const Bytes& der() const noexcept;
    [[nodiscard]] std::string subject() const;      ///< RFC 2253, UTF-8, control characters escaped or as U+FFFD
    [[nodiscard]] std::string issuer() const;       ///< likewise
    [[nodiscard]] std::string serialNumber() const; ///< lower-case hex without leading zeros; "0" for zero
    [[nodiscard]] UtcTime notBefore() const;        ///< as the certificate says, in whole seconds
    [[nodiscard]] UtcTime notAfter() const;         ///< also 99991231235959Z, "no expiry" (RFC 5280, section 4.1.2.5)
    [[nodiscard]] std::string sha256Hex() const;    ///< fingerprint of the DER
    /// True if subject and issuer are the same name. The signature is not looked at.
    [[nodiscard]] bool isSelfIssued() const;
    /// True if the certificate can be the end of a path: self-issued, and signed by its own key. What its authority key
    /// identifier says does not count: a renewed root may go on naming its former self.
    [[nodiscard]] bool isSelfSigned() const;
    /// True if the basic constraints say cA and the key usage, if there is one, lets the key sign certificates.
    [[nodiscard]] bool isCertificateAuthority() const;
    /// True if the basic constraints say cA, whatever the key usage says.
    [[nodiscard]] bool claimsToBeAuthority() const;
    /// True for a certificate that is no authority's and whose key usage lets its key sign revocation lists.
    [[nodiscard]] bool signsRevocationLists() const;
    /// The subject's key: RSA, also declared as rsaesOaep, or ECC on P-256, P-384 or P-521. Error D-124 for others.
    [[nodiscard]] Result<PublicKey> publicKey() const;
    /// Absent if the subjectAltName has none of the three attributes.
    [[nodiscard]] std::optional<TpmDeviceAttributes> tpmDeviceAttributes() const;
    [[nodiscard]] bool hasExtendedKeyUsage() const; ///< true also if the extension cannot be parsed
    /// True if the extended key usage names tcg-kp-EKCertificate (2.23.133.8.1).
    [[nodiscard]] bool hasEkCertificateUsage() const;
    [[nodiscard]] bool hasKeyUsage() const; ///< true also if the extension cannot be parsed
    [[nodiscard]] EndorsementKeyUsage endorsementKeyUsage() const;
    [[nodiscard]] int version() const; ///< 1 to 3
    [[nodiscard]] SignatureDigest signatureDigest() const;
    [[nodiscard]] std::string subjectKeyId() const;   ///< lower-case hex; empty if the certificate has none
    [[nodiscard]] std::string authorityKeyId() const; ///< the issuer's subjectKeyId(), as this certificate says
    /// Where the issuer's certificate is said to be, as printableText(); for people. A hostile certificate can name any
    /// address: none is ever followed. At most kMostIssuerAddresses.
    [[nodiscard]] std::vector<std::string> issuerAddresses() const;

    /// True if the certificate says where its issuer's revocation list is: then there should be one.
    [[nodiscard]] bool hasRevocationAddress() const;

    struct Parsed; ///< OpenSSL's form; defined for the sources of this folder alone
    [[nodiscard]] const Parsed& parsed() const noexcept { return *m_parsed; }

private:
    explicit Certificate(std::shared_ptr<const Parsed> parsed) : m_parsed(std::move(parsed)) {}
    std::shared_ptr<const Parsed> m_parsed;
};

/// The certificates of a file's content, in each form that readCertificateBundle() reads, if all of them can be used.
/// \par Errors   as readCertificateBundle(); D-124 (one cannot be parsed)
Result<std::vector<Certificate>> certificatesFromFile(ByteView content);

/// What an NV index holds.
struct NvCertificates {
    std::vector<Certificate> certificates; ///< those that can be read, in their order
    std::optional<Error> unreadable;       ///< D-124: why something beside them cannot be read, if there is such
};

/// The certificates in the content of an NV index; none if the content is empty, all FF or all 00.
///
/// Usually there is one. Some makers put several there, back to back: those of other keys, or of the issuers. Indices are
/// larger than their content on some chips. So the length of each is that of its outer DER SEQUENCE, and the bytes behind
/// the last should be all FF or all 00. A header 10 01 00 LL LL, with or without 10 02, is skipped before the first: chips
/// derived from TPM 1.2 store one.
///
/// Unreadable is what is no SEQUENCE, longer than the index, no certificate, or behind kMostChainCertificates. One that
/// cannot be read does not spoil the others.
///
/// \par Errors   D-124 (there is something, and no certificate in it can be read), S-340
Result<NvCertificates> certificatesFromNv(ByteView nvContent);

/// The certificates of issuers that a TPM's maker stored beside the EK certificate: DER, one after another, over all
/// indices of the range in one sequence. Padding, FF or 00, is passed over: an index may be larger than what it holds. So is a
/// SEQUENCE that is no certificate; reading ends at other bytes, and after kMostChainCertificates.
/// Source: TCG EK Credential Profile, "EK Certificate Chain".
std::vector<Certificate> certificatesFromNvChain(ByteView nvContents);
} // namespace enroll::crypto

#pragma once

#include "core/attestation/ek_catalog.h"
#include "core/base/word.h"
#include "core/crypto/certificate_path.h"

namespace enroll::attestation {

inline std::string_view ekTemplateText(const Word<EkTemplate>& word) noexcept
{
    return wordText(word, [](EkTemplate value) { return ekTemplateText(value); });
}

/// Where the station found the key.
struct EkSource {
    std::optional<std::uint32_t> persistentHandle; ///< absent: created from the template for this reading
    bool operator==(const EkSource&) const = default;
};
/// "handle:0x81010001" or "created".
std::string ekSourceText(const EkSource& source);
inline std::string ekSourceText(const Word<EkSource>& word)
{
    return word.known() ? ekSourceText(*word.known()) : *word.unknownText();
}
/// Its inverse; any other text is an unknown word.
Word<EkSource> ekSourceFromText(std::string_view text);

/// One endorsement key as a TPM showed it, with the certificate found in NV. Not judged yet.
struct EndorsementKeyReading {
    Bytes publicArea; ///< TPM2B_PUBLIC, size prefix included
    EkSource source;
    EkTemplate templateKind = EkTemplate::Unknown;
    std::optional<Bytes> certificateNv; ///< raw NV content with its padding; absent if every index is empty or filler
    std::optional<std::uint32_t> certificateIndex; ///< without certificateNv: one to which nothing was ever written
    std::string certificateUnreadable; ///< English: why an index that is there gives out nothing; empty if it does
    /// English: why a template or nonce of the maker in NV was left out; empty if none was.
    std::string recipeUnreadable = {};
    /// True if another object lies at the handle where the profile's key is made persistent: this key cannot be.
    bool handleTaken = false;
    /// kDeviceSdkHandle where another object than this key is persistent there.
    std::optional<std::uint32_t> otherKeyAt = {};
    /// True if this key was read at kDeviceSdkHandle, or one for which NV holds a certificate lies there.
    bool ownKeyAtSdkHandle = false;
    /// kDeviceSdkHandle where this key shows there as well as at its own handle. No command proves at which of two handles
    /// a key lies (DeviceTpm::readProtected()): there may be another key that a part on the line hides.
    std::optional<std::uint32_t> copyAt = {};
    /// The persistent handle of the key that the certificate is for, where that is another key than this one.
    std::optional<std::uint32_t> certifiedKeyAt = {};
    /// TPM2B_PUBLIC of each other key that was read at a persistent handle on the way to this one, or after it
    /// (DeviceTpm::readOtherKeys()).
    std::vector<Bytes> otherKeys = {};
    bool operator==(const EndorsementKeyReading&) const = default;
};

/// The authority that a path to a trusted one lacks, as the certificate names it that it should have signed. For people: a
/// hostile certificate can name any address, and none is ever followed.
struct MissingIssuer {
    std::string name;                   ///< RFC 2253, at most 400 characters
    std::string keyId;                  ///< lower-case hex, at most 128 digits; empty if the certificate does not say
    std::vector<std::string> addresses; ///< likewise
    bool operator==(const MissingIssuer&) const = default;
};

/// The result of the checks of an EK certificate, as it goes into the run document.
struct EkCertificateEvidence {
    Bytes der;
    std::string issuer;
    std::string serial; ///< hex
    UtcTime notAfter{};
    bool matchesKey = false;
    Word<crypto::PathResult> path = crypto::PathResult::NotChecked;
    /// What its subjectAltName says of the TPM; absent where it does not.
    std::optional<std::string> manufacturer = {}; ///< "id:49465800"
    std::optional<std::string> model = {};
    std::optional<std::string> version = {};         ///< "id:0007", of the firmware when the TPM was made
    std::optional<MissingIssuer> missingIssuer = {}; ///< with an unknown issuer
    bool operator==(const EkCertificateEvidence&) const = default;
};

/// An endorsement key as it goes into the run document.
struct EndorsementKeyEvidence {
    Bytes publicArea; ///< TPM2B_PUBLIC, size prefix included
    Bytes sha256;     ///< of publicArea
    Bytes name;
    std::string algorithm; ///< "rsa2048"
    Word<EkSource> source = EkSource{};
    Word<EkTemplate> templateKind = EkTemplate::Unknown;
    std::optional<EkCertificateEvidence> certificate;
    bool operator==(const EndorsementKeyEvidence&) const = default;
};

/// True if an authority that the profile trusts vouches for exactly this key.
bool isCertified(const EndorsementKeyEvidence& key) noexcept;

/// The evidence of a reading: digest, name and algorithm. The certificate is added by its checks. Errors D-113, S-340.
Result<EndorsementKeyEvidence> endorsementKeyEvidence(const EndorsementKeyReading& reading);

/// Error D-113 unless the area is a key that DPS can make a challenge for (requireParentShape()).
Result<void> requireEndorsementKeyShape(const PublicArea& area);

} // namespace enroll::attestation

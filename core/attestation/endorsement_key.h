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
    /// kDeviceSdkHandle where another object than this key is persistent there.
    std::optional<std::uint32_t> otherKeyAt = {};
    /// True if this key was read at kDeviceSdkHandle, or one for which NV holds a certificate lies there.
    bool ownKeyAtSdkHandle = false;
    /// kDeviceSdkHandle where this key shows there as well as at its own handle. No command proves at which of two handles
    /// a key lies (DeviceTpm::readProtected()): there may be another key that a part on the line hides.
    std::optional<std::uint32_t> copyAt = {};
    /// The persistent handle of the key that the certificate is for, where that is another key than this one.
    std::optional<std::uint32_t> certifiedKeyAt = {};
    bool operator==(const EndorsementKeyReading&) const = default;
};

/// The result of the checks of an EK certificate, as it goes into the run document.
struct EkCertificateEvidence {
    Bytes der;
    std::string issuer;
    std::string serial; ///< hex
    UtcTime notAfter{};
    bool matchesKey = false;
    Word<crypto::PathResult> path = crypto::PathResult::NotChecked;
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

/// The evidence of a reading: digest, name and algorithm. The certificate is added by its checks. Errors D-113, S-340.
Result<EndorsementKeyEvidence> endorsementKeyEvidence(const EndorsementKeyReading& reading);

/// Error D-113 unless the area is a key that DPS can make a challenge for (requireParentShape()).
Result<void> requireEndorsementKeyShape(const PublicArea& area);

} // namespace enroll::attestation

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

/// One endorsement key as a TPM presented it, with the certificate that lay beside it in NV.
struct EndorsementKeyReading {
    Bytes publicArea; ///< TPM2B_PUBLIC, size prefix included
    EkSource source;
    EkTemplate templateKind = EkTemplate::Unknown;
    std::optional<Bytes> certificateNv; ///< raw NV content, padding included; absent if no index holds more than filler
    std::optional<std::uint32_t> certificateIndex;
    std::string certificateUnreadable; ///< English: why the TPM does not give out what an index holds; empty if it does
    bool operator==(const EndorsementKeyReading&) const = default;
};

/// What the station makes of an EK certificate.
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

/// Digest, name and algorithm of a reading; no certificate judged yet. Errors D-113, S-340.
Result<EndorsementKeyEvidence> endorsementKeyEvidence(const EndorsementKeyReading& reading);

/// Error D-113 unless the area is a key DPS can encrypt to: restricted decrypt key, fixedTPM and fixedParent, AES-CFB
/// parent, usable key.
Result<void> requireEndorsementKeyShape(const PublicArea& area);

} // namespace enroll::attestation

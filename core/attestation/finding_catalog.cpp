#include "core/attestation/finding_catalog.h"

#include "core/attestation/attestation_policy.h"
#include "core/base/assert.h"
#include "core/base/device_code.h"

#include <algorithm>
#include <array>

namespace enroll::attestation {
namespace {

using C = DeviceCode;
using Policy = AttestationPolicy;

template <Severity severity>
Severity always(const Policy& /*policy*/) noexcept
{
    return severity;
}
constexpr auto kInfo = always<Severity::Info>;
constexpr auto kWarning = always<Severity::Warning>;
constexpr auto kHold = always<Severity::Hold>;

Severity ofRule(OnFinding rule) noexcept
{
    switch (rule) {
    case OnFinding::Accept:
        return Severity::Info;
    case OnFinding::Warning:
        return Severity::Warning;
    case OnFinding::Hold:
        return Severity::Hold;
    case OnFinding::Fail:
        return Severity::Fail;
    }
    return Severity::Fail;
}

/// How much a fault of the certificate weighs, given how much a certificate is wanted at all.
Severity whereWanted(const Policy& policy, Severity whenWanted) noexcept
{
    return policy.certificate == CertificateRequirement::None ? std::min(whenWanted, Severity::Warning) : whenWanted;
}

Severity holdWhereWanted(const Policy& policy) noexcept
{
    return whereWanted(policy, Severity::Hold);
}

Severity holdWhereTrusted(const Policy& policy) noexcept
{
    return policy.certificate == CertificateRequirement::Trusted ? Severity::Hold : Severity::Warning;
}

Severity ofPath(const Policy& policy) noexcept
{
    return policy.certificate == CertificateRequirement::None ? Severity::Info : holdWhereTrusted(policy);
}

Severity ofPathRemark(const Policy& policy) noexcept
{
    return policy.certificate == CertificateRequirement::None ? Severity::Info : Severity::Warning;
}

Severity ofRevoked(const Policy& policy) noexcept
{
    return whereWanted(policy, Severity::Fail);
}

Severity ofMissing(const Policy& policy) noexcept
{
    if (policy.certificate != CertificateRequirement::None) {
        return ofRule(policy.onMissingCertificate);
    }
    // core/config refuses a profile that stops a device for want of what it does not want.
    return policy.onMissingCertificate == OnFinding::Warning ? Severity::Warning : Severity::Info;
}

Severity ofExpired(const Policy& policy) noexcept
{
    return ofRule(policy.onExpiredCertificate);
}

Severity ofSoftware(const Policy& policy) noexcept
{
    return policy.allowSoftware ? Severity::Warning : Severity::Fail;
}

/// Whoever owned a TPM once must not own it when it ships.
Severity ofPassword(const Policy& policy) noexcept
{
    return policy.shipState ? Severity::Hold : Severity::Info;
}

Severity ofFailedTries(const Policy& policy) noexcept
{
    return policy.shipState ? Severity::Warning : Severity::Info;
}

Severity ofNoMaker(const Policy& policy) noexcept
{
    return policy.allowedManufacturers.empty() ? Severity::Warning : Severity::Hold;
}

constexpr std::string_view kNotPersistent = "ek-not-persistent";

/// Both come to a device that shows another key: who holds devices for the one means the other as well.
Severity asNotPersistent(const Policy& policy)
{
    const auto set = policy.severities.find(kNotPersistent);
    return set == policy.severities.end() ? Severity::Warning : set->second;
}

constexpr std::array kRows{
    FindingRow{"software-tpm", C::SoftwareTpmRefused, ofSoftware},
    FindingRow{"manufacturer-not-allowed", C::ManufacturerNotAllowed, kHold},
    FindingRow{"tpm-firmware-old", C::FirmwareTooOld, kHold},
    FindingRow{"tpm-locked-out", C::TpmLockedOut, kHold},
    FindingRow{"tpm-hierarchy-off", C::HierarchyOff, kHold},
    FindingRow{"tpm-password-set", C::TpmHierarchyLocked, ofPassword},
    FindingRow{"tpm-failed-tries", C::TpmLockedOut, ofFailedTries},
    FindingRow{"tpm-seed-not-makers", C::SeedNotMakers, kWarning},
    FindingRow{"ek-other-at-handle", C::MayShowOtherKey, kInfo},
    FindingRow{"ek-certified-at-other-handle", C::EkCertificateWrongKey, kInfo},
    FindingRow{kNotPersistent, C::MayShowOtherKey, kWarning},
    FindingRow{"ek-not-where-sdks-look", C::MayShowOtherKey, asNotPersistent},
    FindingRow{"nv-index-not-readable", C::EkCertificateMalformed, kInfo},
    FindingRow{"ek-certificate-malformed", C::EkCertificateMalformed, holdWhereWanted},
    FindingRow{"ek-certificate-partly-unreadable", C::EkCertificateMalformed, ofPathRemark},
    FindingRow{"ek-certificate-missing", C::EkCertificateMissing, ofMissing},
    FindingRow{"ek-certificate-wrong-key", C::EkCertificateWrongKey, holdWhereWanted},
    FindingRow{"ek-certificate-unknown-issuer", C::EkCertificateUntrusted, ofPath},
    FindingRow{"ek-certificate-path-invalid", C::EkCertificateInvalid, ofPath},
    FindingRow{"ek-certificate-revoked", C::EkCertificateRevoked, ofRevoked},
    FindingRow{"ek-certificate-no-revocation-list", C::EkCertificateRevocationUnknown, kInfo},
    FindingRow{"ek-certificate-revocation-list-old", C::EkCertificateRevocationUnknown, ofPathRemark},
    FindingRow{"ek-certificate-issuer-expired", C::EkCertificateExpired, ofPath},
    FindingRow{"ek-certificate-issuer-not-yet-valid", C::EkCertificateExpired, ofPath},
    FindingRow{"ek-certificate-issuer-small-key", C::EkCertificateIssuerWeak, ofPath},
    FindingRow{"ek-certificate-sha1", C::EkCertificateIssuerWeak, ofPathRemark},
    FindingRow{"ek-certificate-expired", C::EkCertificateExpired, ofExpired},
    FindingRow{"ek-certificate-not-yet-valid", C::EkCertificateExpired, holdWhereWanted},
    FindingRow{"ek-certificate-dates", C::EkCertificateExpired, holdWhereWanted},
    FindingRow{"ek-certificate-version", C::EkCertificateOldForm, holdWhereTrusted},
    FindingRow{"ek-certificate-bare", C::EkCertificateNotOfAnEk, holdWhereTrusted},
    FindingRow{"ek-certificate-no-usage", C::EkCertificateNotOfAnEk, kWarning},
    FindingRow{"ek-certificate-usage", C::EkCertificateNotOfAnEk, holdWhereTrusted},
    FindingRow{"ek-certificate-key-usage", C::EkCertificateNotOfAnEk, holdWhereTrusted},
    FindingRow{"ek-certificate-key-usage-odd", C::EkCertificateNotOfAnEk, kWarning},
    FindingRow{"ek-certificate-authority", C::EkCertificateNotOfAnEk, holdWhereTrusted},
    FindingRow{"ek-certificate-no-maker", C::EkCertificateNamesNoMaker, ofNoMaker},
    FindingRow{"ek-certificate-manufacturer", C::ManufacturerNotAllowed, holdWhereTrusted},
    FindingRow{"ek-certificate-model", C::EkCertificateOtherChip, kWarning},
    FindingRow{"ek-certificate-firmware", C::EkCertificateOtherChip, holdWhereTrusted},
    FindingRow{"tpm-foreign-object", C::NotAsShipped, kHold},
    FindingRow{"tpm-foreign-index", C::NotAsShipped, kHold},
    FindingRow{"tpm-not-released", C::NotAsShipped, kWarning},
};

const FindingRow& rowOf(std::string_view id)
{
    const auto* row = std::ranges::find(kRows, id, &FindingRow::id);
    ENROLL_ASSERT(row != kRows.end(), "the catalog has every finding");
    return *row;
}

} // namespace

std::span<const FindingRow> findingCatalog() noexcept
{
    return kRows;
}

Severity severityOf(const AttestationPolicy& policy, std::string_view id)
{
    const auto set = policy.severities.find(id);
    return set == policy.severities.end() ? rowOf(id).usual(policy) : set->second;
}

Finding makeFinding(const AttestationPolicy& policy, std::string_view id, std::string text)
{
    return makeFinding(policy, id, rowOf(id).usual(policy), std::move(text));
}

Finding makeFinding(const AttestationPolicy& policy, std::string_view id, Severity usual, std::string text)
{
    const auto set = policy.severities.find(id);
    const auto severity = set == policy.severities.end() ? usual : set->second;
    const bool decides = severity == Severity::Hold || severity == Severity::Fail;
    return {std::string{id}, severity, std::move(text),
            decides ? std::optional<Word<ErrorCode>>{rowOf(id).code} : std::nullopt};
}

} // namespace enroll::attestation

#include "core/attestation/finding_catalog.h"

#include "core/base/assert.h"
#include "core/base/device_code.h"

#include <algorithm>
#include <array>

namespace enroll::attestation {
namespace {

using C = DeviceCode;

constexpr std::array kRows{
    FindingRow{"software-tpm", C::SoftwareTpmRefused},
    FindingRow{"manufacturer-not-allowed", C::ManufacturerNotAllowed},
    FindingRow{"tpm-locked-out", C::TpmLockedOut},
    FindingRow{"tpm-hierarchy-off", C::HierarchyOff},
    FindingRow{"tpm-password-set", C::TpmHierarchyLocked},
    FindingRow{"tpm-seed-not-makers", C::SeedNotMakers},
    FindingRow{"ek-other-at-handle", C::MayShowOtherKey},
    FindingRow{"ek-not-persistent", C::MayShowOtherKey},
    FindingRow{"ek-certificate-malformed", C::EkCertificateMalformed},
    FindingRow{"ek-certificate-missing", C::EkCertificateMissing},
    FindingRow{"ek-certificate-wrong-key", C::EkCertificateWrongKey},
    FindingRow{"ek-certificate-unknown-issuer", C::EkCertificateUntrusted},
    FindingRow{"ek-certificate-path-invalid", C::EkCertificateInvalid},
    FindingRow{"ek-certificate-expired", C::EkCertificateExpired},
    FindingRow{"ek-certificate-not-yet-valid", C::EkCertificateExpired},
    FindingRow{"ek-certificate-dates", C::EkCertificateExpired},
    FindingRow{"ek-certificate-version", C::EkCertificateInvalid},
    FindingRow{"ek-certificate-bare", C::EkCertificateInvalid},
    FindingRow{"ek-certificate-no-usage", C::EkCertificateInvalid},
    FindingRow{"ek-certificate-usage", C::EkCertificateInvalid},
    FindingRow{"ek-certificate-key-usage", C::EkCertificateInvalid},
    FindingRow{"ek-certificate-key-usage-odd", C::EkCertificateInvalid},
    FindingRow{"ek-certificate-authority", C::EkCertificateInvalid},
    FindingRow{"ek-certificate-no-maker", C::EkCertificateInvalid},
    FindingRow{"ek-certificate-manufacturer", C::ManufacturerNotAllowed},
};

} // namespace

std::span<const FindingRow> findingCatalog() noexcept
{
    return kRows;
}

Finding makeFinding(const FindingSeverities& profile, std::string_view id, Severity usual, std::string text)
{
    const auto* row = std::ranges::find(kRows, id, &FindingRow::id);
    ENROLL_ASSERT(row != kRows.end(), "the catalog has every finding");
    const auto set = profile.find(id);
    const auto severity = set == profile.end() ? usual : set->second;
    const bool decides = severity == Severity::Hold || severity == Severity::Fail;
    return {std::string{id}, severity, std::move(text),
            decides ? std::optional<Word<ErrorCode>>{row->code} : std::nullopt};
}

} // namespace enroll::attestation

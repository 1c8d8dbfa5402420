#include "core/config/findings_section.h"

#include "core/base/written_text.h"
#include "core/config/profile_words.h"

#include <algorithm>

namespace enroll::config {
namespace {

using attestation::AttestationPolicy;
using attestation::CertificateRequirement;
using attestation::OnFinding;
using attestation::Severity;

/// The findings that say that nobody trusted vouches for a key, or that what it vouches for is no endorsement key, or
/// another maker's.
constexpr std::array<std::string_view, 10> kUntrusted{"ek-certificate-missing",      "ek-certificate-malformed",
                                                      "ek-certificate-wrong-key",    "ek-certificate-unknown-issuer",
                                                      "ek-certificate-path-invalid", "ek-certificate-revoked",
                                                      "ek-certificate-bare",         "ek-certificate-usage",
                                                      "ek-certificate-authority",    "ek-certificate-manufacturer"};

/// The findings without which a list of makers refuses nobody.
constexpr std::array<std::string_view, 2> kUnlisted{"manufacturer-not-allowed", "ek-certificate-no-maker"};

/// What [ship_state] looks for.
constexpr std::array<std::string_view, 3> kNotAsShipped{"tpm-foreign-object", "tpm-foreign-index", "tpm-password-set"};

template <std::size_t N>
bool isOneOf(const std::array<std::string_view, N>& ids, std::string_view id)
{
    return std::ranges::find(ids, id) != ids.end();
}

/// A finding that is looked for only where another key of the profile says what to look for.
struct Sought {
    std::string_view id;
    std::string_view key;
    bool (*isSet)(const AttestationPolicy& policy);
};

bool listsMakers(const AttestationPolicy& policy)
{
    return !policy.allowedManufacturers.empty();
}

bool wantsFirmware(const AttestationPolicy& policy)
{
    return !policy.oldestFirmware.empty();
}

bool looksAtShipState(const AttestationPolicy& policy)
{
    return policy.shipState.has_value();
}

constexpr std::array<Sought, 4> kSought{{{"manufacturer-not-allowed", "tpm.allow_manufacturers", listsMakers},
                                         {"tpm-firmware-old", "tpm.minimum_firmware", wantsFirmware},
                                         {"tpm-foreign-object", "[ship_state]", looksAtShipState},
                                         {"tpm-foreign-index", "[ship_state]", looksAtShipState}}};

const Sought* soughtBy(std::string_view id) noexcept
{
    const auto* const found = std::ranges::find(kSought, id, &Sought::id);
    return found == kSought.end() ? nullptr : found;
}

/// Refuses a severity of a finding that is never made: whoever wrote "fail" counts on it.
Result<void> requireSought(const Fields& section, std::string_view id, Severity severity,
                           const AttestationPolicy& policy)
{
    if (severity == Severity::Info || isLookedFor(policy, id)) {
        return {};
    }
    return section.errorAt(id, "says what becomes of a device, and nothing is looked for without " +
                                   std::string{soughtBy(id)->key} + ": write that too, or leave this key out");
}

/// A finding that a key of [certificate] judges, too.
struct SameThing {
    std::string_view id;
    std::string_view key;
    OnFinding AttestationPolicy::*rule;
};
constexpr std::array<SameThing, 2> kSameThings{
    {{"ek-certificate-missing", "on_missing", &AttestationPolicy::onMissingCertificate},
     {"ek-certificate-expired", "on_expired", &AttestationPolicy::onExpiredCertificate}}};

/// The two tables of words name the same four weights in the same order.
OnFinding ruleOf(Severity severity)
{
    const auto* const word = std::ranges::find(kSeverities, severity, &Choice<Severity>::meaning);
    return kOnFindings[static_cast<std::size_t>(word - kSeverities.begin())].meaning;
}

/// Takes \p severity for the key of [certificate] that says the same; error if that key is there and says otherwise.
Result<void> takeForBoth(const Fields& top, const Fields& section, std::string_view id, Severity severity,
                         AttestationPolicy& policy)
{
    const auto* const same = std::ranges::find(kSameThings, id, &SameThing::id);
    if (same == kSameThings.end()) {
        return {};
    }
    TRY_ASSIGN(const auto certificate, top.table("certificate"));
    if (certificate.has(same->key) && policy.*(same->rule) != ruleOf(severity)) {
        return section.errorAt(id, "is " + quotedText(attestation::severityText(severity)) + ", and certificate." +
                                       std::string{same->key} + " (" + certificate.place(same->key) +
                                       "), which judges the same, says otherwise: write one of the two");
    }
    policy.*(same->rule) = ruleOf(severity);
    return {};
}

/// Refuses a severity that lets pass what another key of the profile refuses: which of the two was meant?
Result<void> requireNoWayAround(const Fields& section, std::string_view id, Severity severity,
                                const AttestationPolicy& policy)
{
    if (severity >= Severity::Hold) {
        return {};
    }
    if (id == "software-tpm" && !policy.allowSoftware) {
        return section.errorAt(id,
                               "lets software TPMs pass, and tpm.allow_software is false: write \"hold\" or \"fail\", "
                               "or set allow_software");
    }
    if (isOneOf(kUnlisted, id) && listsMakers(policy)) {
        return section.errorAt(id, "lets other makers pass than tpm.allow_manufacturers lists: write \"hold\" or "
                                   "\"fail\", or leave allow_manufacturers out");
    }
    const bool silent = severity == Severity::Info;
    if (id == "tpm-firmware-old" && wantsFirmware(policy) && silent) {
        return section.errorAt(id, "lets older firmware pass than tpm.minimum_firmware wants: write \"warning\", "
                                   "\"hold\" or \"fail\", or leave minimum_firmware out");
    }
    if (isOneOf(kNotAsShipped, id) && looksAtShipState(policy) && silent) {
        return section.errorAt(id, "lets a TPM pass that is not as it ships, and [ship_state] looks for that: write "
                                   "\"warning\", \"hold\" or \"fail\", or leave [ship_state] out");
    }
    if (isOneOf(kUntrusted, id) && policy.certificate == CertificateRequirement::Trusted) {
        return section.errorAt(
            id, "lets a key pass that nobody trusted vouches for, and certificate.require is \"trusted\": "
                "write \"hold\" or \"fail\", or require = \"present\"");
    }
    return {};
}

/// Refuses to stop a device for what the profile does not want.
Result<void> requireWanted(const Fields& section, std::string_view id, Severity severity,
                           const AttestationPolicy& policy)
{
    if (id == "ek-certificate-missing" && severity >= Severity::Hold &&
        policy.certificate == CertificateRequirement::None) {
        return section.errorAt(id, "stops a device without a certificate, and certificate.require is \"none\": write "
                                   "require = \"present\", or \"info\" or \"warning\" here");
    }
    return {};
}

/// Findings that are not the attestation's: each has a key of its own.
Result<void> refuseDuplicates(const Fields& section)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kElsewhere{
        {{"ek-enrolled-elsewhere", "duplicates.same_ek_other_serial"},
         {"serial-has-other-ek", "duplicates.same_serial_other_ek"},
         {"registration-id-taken", "duplicates.same_serial_other_ek"},
         {"tpm-enrolled-elsewhere", "duplicates.same_tpm_other_serial"},
         {"enrolled-otherwise", "duplicates.same_device_other_settings"}}};
    for (const auto& [id, key] : kElsewhere) {
        if (section.has(id)) {
            return section.errorAt(id, "has a key of its own: write it as " + std::string{key});
        }
    }
    return {};
}

} // namespace

bool isLookedFor(const AttestationPolicy& policy, std::string_view id) noexcept
{
    const auto* const sought = soughtBy(id);
    return sought == nullptr || sought->isSet(policy);
}

Result<void> readFindingsSection(const Fields& top, enrollment::ProductProfile& profile)
{
    auto& policy = profile.policy;
    TRY_ASSIGN(const auto section, top.table("findings"));
    TRY(refuseDuplicates(section));
    std::vector<std::string_view> ids;
    for (const auto& row : attestation::findingCatalog()) {
        ids.push_back(row.id);
    }
    TRY(section.allowOnly(ids));
    for (const auto id : ids) {
        if (!section.has(id)) {
            continue;
        }
        auto severity = Severity::Hold;
        TRY(section.readChoice(id, severity, all(kSeverities)));
        TRY(requireNoWayAround(section, id, severity, policy));
        TRY(requireWanted(section, id, severity, policy));
        TRY(requireSought(section, id, severity, policy));
        TRY(takeForBoth(top, section, id, severity, policy));
        policy.severities.insert_or_assign(std::string{id}, severity);
    }
    return {};
}

} // namespace enroll::config

#pragma once

#include "core/config/toml_fields.h"
#include "core/enrollment/product_profile.h"

#include <array>

/// The words of a product profile, for those who read one and those who show it.
namespace enroll::config {

inline constexpr std::array kRequirements{
    Choice<attestation::CertificateRequirement>{"trusted", attestation::CertificateRequirement::Trusted},
    Choice<attestation::CertificateRequirement>{"present", attestation::CertificateRequirement::Present},
    Choice<attestation::CertificateRequirement>{"none", attestation::CertificateRequirement::None}};
inline constexpr std::array kOnFindings{Choice<attestation::OnFinding>{"accept", attestation::OnFinding::Accept},
                                        Choice<attestation::OnFinding>{"warning", attestation::OnFinding::Warning},
                                        Choice<attestation::OnFinding>{"hold", attestation::OnFinding::Hold},
                                        Choice<attestation::OnFinding>{"fail", attestation::OnFinding::Fail}};
inline constexpr std::array kSeverities{Choice<attestation::Severity>{"info", attestation::Severity::Info},
                                        Choice<attestation::Severity>{"warning", attestation::Severity::Warning},
                                        Choice<attestation::Severity>{"hold", attestation::Severity::Hold},
                                        Choice<attestation::Severity>{"fail", attestation::Severity::Fail}};
inline constexpr std::array kDuplicateRules{Choice<enrollment::DuplicateRule>{"hold", enrollment::DuplicateRule::Hold},
                                            Choice<enrollment::DuplicateRule>{"fail", enrollment::DuplicateRule::Fail}};
inline constexpr std::array kRetestRules{Choice<attestation::Severity>{"warning", attestation::Severity::Warning},
                                         Choice<attestation::Severity>{"hold", attestation::Severity::Hold},
                                         Choice<attestation::Severity>{"fail", attestation::Severity::Fail}};
inline constexpr std::array kIdRules{
    Choice<enrollment::RegistrationIdRule>{"ek-sha256-base32", enrollment::RegistrationIdRule::EkSha256Base32},
    Choice<enrollment::RegistrationIdRule>{"serial", enrollment::RegistrationIdRule::Serial}};
inline constexpr std::array kAllocations{
    Choice<enrollment::AllocationPolicy>{"hashed", enrollment::AllocationPolicy::Hashed},
    Choice<enrollment::AllocationPolicy>{"geoLatency", enrollment::AllocationPolicy::GeoLatency},
    Choice<enrollment::AllocationPolicy>{"static", enrollment::AllocationPolicy::Static}};
inline constexpr std::array kReprovisions{Choice<enrollment::ReprovisionPolicy>{"migrate-data", {true, true}},
                                          Choice<enrollment::ReprovisionPolicy>{"reset-data", {true, false}},
                                          Choice<enrollment::ReprovisionPolicy>{"never", {false, false}}};

template <class T, std::size_t N>
std::span<const Choice<T>> all(const std::array<Choice<T>, N>& choices)
{
    return choices;
}

} // namespace enroll::config

#include "core/enrollment/enrollment_settings.h"

namespace enroll::enrollment {

std::string_view allocationPolicyText(AllocationPolicy policy) noexcept
{
    switch (policy) {
    case AllocationPolicy::Hashed:
        return "hashed";
    case AllocationPolicy::GeoLatency:
        return "geoLatency";
    case AllocationPolicy::Static:
        return "static";
    case AllocationPolicy::Custom:
        return "custom";
    }
    return "hashed";
}

bool needApiOf2026(const EnrollmentSettings& settings) noexcept
{
    return !settings.namespaceName.empty() || !settings.certificateAuthorityName.empty() ||
           !settings.certificatePolicyName.empty();
}

} // namespace enroll::enrollment

#include "core/attestation/finding.h"

namespace enroll::attestation {

std::string_view severityText(Severity severity) noexcept
{
    switch (severity) {
    case Severity::Info:
        return "info";
    case Severity::Warning:
        return "warning";
    case Severity::Hold:
        return "hold";
    case Severity::Fail:
        return "fail";
    }
    return "info";
}

} // namespace enroll::attestation

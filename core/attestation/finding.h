#pragma once

#include "core/base/error_code.h"

#include <string>

namespace enroll::attestation {

enum class Severity { Info, Warning, Hold, Fail };
/// "info", "warning", "hold", "fail"
std::string_view severityText(Severity severity) noexcept;

/// Something the station noticed about a device. Findings of severity Hold and Fail decide the verdict.
struct Finding {
    std::string id; ///< "ek-certificate-missing"
    Severity severity = Severity::Info;
    std::string text;              ///< English, one sentence
    std::optional<ErrorCode> code; ///< the code a Hold or Fail shows; absent below that
    bool operator==(const Finding&) const = default;
};

} // namespace enroll::attestation

#pragma once

#include "core/attestation/attestation_step.h"

namespace enroll::attestation {

enum class Severity { Info, Warning, Hold, Fail };
/// "info", "warning", "hold", "fail"
std::string_view severityText(Severity severity) noexcept;
inline std::string_view severityText(const Word<Severity>& word) noexcept
{
    return wordText(word, [](Severity severity) { return severityText(severity); });
}
inline constexpr std::array kAllSeverities{Severity::Info, Severity::Warning, Severity::Hold, Severity::Fail};

/// Something the station noticed about a device. Findings of severity Hold and Fail decide the verdict.
struct Finding {
    std::string id; ///< "ek-certificate-missing"
    Word<Severity> severity = Severity::Info;
    std::string text;                    ///< English, one sentence
    std::optional<Word<ErrorCode>> code; ///< the code a Hold or Fail shows; absent below that
    /// The step that found it; absent if no step did, and in runs of programs that did not say.
    std::optional<Word<AttestationStep>> step = {};
    bool operator==(const Finding&) const = default;
};

} // namespace enroll::attestation

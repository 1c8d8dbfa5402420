#pragma once

#include "core/base/word.h"

#include <array>
#include <chrono>
#include <span>
#include <string>
#include <string_view>

namespace enroll::attestation {

/// The steps of a run in order. Their texts are part of the run document.
enum class AttestationStep {
    Connect,
    IdentifyTpm,
    ReadEndorsementKey,
    VerifyEkCertificate,
    ProvisionStorageRootKey,
    TestAttestation,
    CheckPolicy,
    Record,
};

inline constexpr std::array kAllSteps{
    AttestationStep::Connect,
    AttestationStep::IdentifyTpm,
    AttestationStep::ReadEndorsementKey,
    AttestationStep::VerifyEkCertificate,
    AttestationStep::ProvisionStorageRootKey,
    AttestationStep::TestAttestation,
    AttestationStep::CheckPolicy,
    AttestationStep::Record,
};

/// "connect", "identify-tpm", "read-endorsement-key", …
std::string_view stepText(AttestationStep step) noexcept;
inline std::string_view stepText(const Word<AttestationStep>& word) noexcept
{
    return wordText(word, [](AttestationStep step) { return stepText(step); });
}

enum class StepOutcome { Ok, Finding, Failed, Skipped };
std::string_view stepOutcomeText(StepOutcome outcome) noexcept;
inline std::string_view stepOutcomeText(const Word<StepOutcome>& word) noexcept
{
    return wordText(word, [](StepOutcome outcome) { return stepOutcomeText(outcome); });
}
inline constexpr std::array kAllStepOutcomes{StepOutcome::Ok, StepOutcome::Finding, StepOutcome::Failed,
                                             StepOutcome::Skipped};

struct StepRecord {
    Word<AttestationStep> step = AttestationStep::Connect;
    Word<StepOutcome> outcome = StepOutcome::Ok;
    std::chrono::milliseconds duration{0};
    std::string detail;
    bool operator==(const StepRecord&) const = default;
};

/// Where a run tells how far it is. Called on the slot's thread. Has no say in whether the run goes on.
class StepReporter {
public:
    virtual ~StepReporter() = default;
    virtual void began(AttestationStep step) = 0;
    virtual void ended(const StepRecord& record) = 0;

protected:
    StepReporter() = default;
    StepReporter(const StepReporter&) = default;
    StepReporter& operator=(const StepReporter&) = default;
};

/// For a test that nobody watches.
class SilentSteps final : public StepReporter {
public:
    void began(AttestationStep /*step*/) override {}
    void ended(const StepRecord& /*record*/) override {}
};

} // namespace enroll::attestation
